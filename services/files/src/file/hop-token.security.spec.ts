import { randomBytes } from 'node:crypto';
import { FixedClock } from '@conclave/platform';
import { HopTokens, hopTokenSeconds, type HopClaim } from './hop-token.js';

const claim: HopClaim = {
  action: 'read',
  fileId: 'f1',
  roomId: 'r1',
  userId: 'u1',
  sessionId: 's1',
  credentialId: 'c1',
  service: '',
};
const key = randomBytes(32);

function refusal(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as { reason?: string }).reason ?? 'not a refusal';
  }
}

describe('a hop token', () => {
  const clock = new FixedClock();
  const tokens = new HopTokens({ HOP_TOKEN_KEY: key }, clock);

  it('opens what it was made for', () => {
    expect(tokens.verify(tokens.issue(claim), 'read', 'f1')).toEqual(claim);
  });

  it('may stand for a service of the room instead of a person', () => {
    const service: HopClaim = { ...claim, userId: '', sessionId: '', credentialId: '', service: 'recorder' };
    expect(tokens.verify(tokens.issue(service), 'read', 'f1')).toEqual(service);
  });

  it('opens nothing else', () => {
    expect(refusal(() => tokens.verify(tokens.issue(claim), 'read', 'f2'))).toBe('UNAUTHENTICATED');
    expect(refusal(() => tokens.verify(tokens.issue(claim), 'upload', 'f1'))).toBe('UNAUTHENTICATED');
  });

  it('dies after its seconds', () => {
    const token = tokens.issue(claim);
    clock.advance(hopTokenSeconds);
    expect(refusal(() => tokens.verify(token, 'read', 'f1'))).toBe('UNAUTHENTICATED');
  });

  it('is worthless under another key', () => {
    const forged = new HopTokens({ HOP_TOKEN_KEY: randomBytes(32) }, clock).issue(claim);
    expect(refusal(() => tokens.verify(forged, 'read', 'f1'))).toBe('UNAUTHENTICATED');
  });

  it('survives no change of any character, and no other form', () => {
    const token = tokens.issue(claim);
    for (let at = 0; at < token.length; at++) {
      const changed = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
      // The last character of base64url carries bits that decoding drops; such a change changes nothing.
      if (
        Buffer.from(changed.split('.')[2] ?? '', 'base64url').equals(
          Buffer.from(token.split('.')[2] ?? '', 'base64url'),
        ) &&
        changed.startsWith(token.slice(0, -1))
      )
        continue;
      expect(refusal(() => tokens.verify(changed, 'read', 'f1'))).toBe('UNAUTHENTICATED');
    }
    for (const other of ['', '.', '..', 'h1..', 'h0.a.b', `${token}.x`, 'x'.repeat(5000)])
      expect(refusal(() => tokens.verify(other, 'read', 'f1'))).toBe('UNAUTHENTICATED');
  });
});
