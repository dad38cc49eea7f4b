import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@conclave/platform';
import { decodeJwt, decodeProtectedHeader, SignJWT, UnsecuredJWT } from 'jose';
import type { Admitted } from '../../admission/admission-decision.js';
import { Admission } from '../../admission/admission.js';
import { LiveKitMediaTokens } from './livekit-media-tokens.js';

const now = new Date('2026-11-23T12:00:00Z');
const seconds = now.getTime() / 1000;
const secret = 'a secret of at least thirty-two characters';
const key = new TextEncoder().encode(secret);
const clock = new FixedClock(now);
const hooks = { key: 'HOOKkey', secret: 'the secret that webhooks are signed with' };
const hooksKey = new TextEncoder().encode(hooks.secret);
const tokens = new LiveKitMediaTokens({ key: 'APIkey', secret }, [hooks], clock);

const admission = Admission.grant(
  { outcome: 'admitted', role: 'participant' } as unknown as Admitted,
  {
    joinId: 'aa'.repeat(16),
    mediaRoomId: 'MEDIA',
    roomId: 'room',
    meetingId: 'm',
    userId: 'u',
    sessionId: 's',
    displayName: 'Marta',
  },
  now,
);
const marta = { userId: 'u', sessionId: 's' };

const claims = { sub: 'j', iss: 'APIkey', nbf: seconds, exp: seconds + 60, video: { room: 'room', roomJoin: true } };
const sign = (payload: object, alg = 'HS256', by: Uint8Array = key): Promise<string> =>
  new SignJWT({ ...payload }).setProtectedHeader({ alg }).sign(by);

describe('a media token', () => {
  it('says exactly what LiveKit may allow', async () => {
    if (!admission.holdsFor(marta)) throw new Error('it holds');
    const token = await tokens.mint(admission, { verified: true });
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', typ: 'JWT' });
    expect(decodeJwt(token)).toEqual({
      iss: 'APIkey',
      sub: 'aa'.repeat(16),
      nbf: seconds,
      exp: seconds + 60,
      name: 'Marta',
      attributes: { userId: 'u', role: 'participant', verified: 'true' },
      video: {
        room: 'MEDIA',
        roomJoin: true,
        hidden: true,
        canPublish: false,
        canPublishSources: [],
        canSubscribe: false,
        canPublishData: false,
        canUpdateOwnMetadata: false,
      },
    });
    await expect(tokens.verify(token)).resolves.toEqual({ joinId: 'aa'.repeat(16), mediaRoomId: 'MEDIA' });
  });

  it('that LiveKit refreshed is good with either of its two keys', async () => {
    for (const token of [await sign(claims), await sign({ ...claims, iss: hooks.key }, 'HS256', hooksKey)])
      await expect(tokens.verify(token)).resolves.toEqual({ joinId: 'j', mediaRoomId: 'room' });
  });

  it.each<[string, () => Promise<string> | string]>([
    ['the second key under the first one’s name', () => sign(claims, 'HS256', hooksKey)],
    ['the first key under the second one’s name', () => sign({ ...claims, iss: hooks.key })],
    ['another HMAC of the second key', () => sign({ ...claims, iss: hooks.key }, 'HS384', hooksKey)],
    [
      'a webhook’s own token',
      () => sign({ iss: hooks.key, nbf: seconds, exp: seconds + 60, sha256: 'x' }, 'HS256', hooksKey),
    ],
    ['no issuer', () => sign({ ...claims, iss: undefined })],
    ['an issuer that every object has', () => sign({ ...claims, iss: 'constructor' })],
    ['another key', () => sign(claims, 'HS256', new TextEncoder().encode('another secret of thirty-two characters!'))],
    ['another HMAC', () => sign(claims, 'HS512')],
    ['no algorithm', () => new UnsecuredJWT({ ...claims }).encode()],
    ['another issuer', () => sign({ ...claims, iss: 'webhooks' })],
    ['no expiry', () => sign({ ...claims, exp: undefined })],
    ['no nbf', () => sign({ ...claims, nbf: undefined })],
    ['an expired one', () => sign({ ...claims, exp: seconds - 6 })],
    ['one for later', () => sign({ ...claims, nbf: seconds + 6 })],
    ['one without a subject', () => sign({ ...claims, sub: undefined })],
    ['one that joins nothing', () => sign({ ...claims, video: { room: 'room', roomAdmin: true } })],
    ['one without a room', () => sign({ ...claims, video: { roomJoin: true } })],
    ['nothing', () => ''],
    ['noise', () => 'eyJhbGciOiJIUzI1NiJ9.e30.'],
  ])('%s is refused', async (_fact, make) => {
    await expect(tokens.verify(await make())).rejects.toMatchObject({ reason: 'UNAUTHENTICATED' });
  });
});
