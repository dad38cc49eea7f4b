import { createHmac, createPublicKey, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { toBinary, create } from '@conclave/contracts';
import { SigningKeys } from '../src/signing-keys/signing-keys.js';
import { runAuth, signUp, type RunningAuth, type SignedUp } from './support/running-auth.js';
import { callerOf, callWithBytes, personMethods } from './support/wire.js';

let running: RunningAuth;
let marta: SignedUp;
let attacks: Record<string, string>;
beforeAll(async () => {
  running = await runAuth();
  marta = await signUp(running);
  attacks = forge();
}, 120_000);

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
const es256 = (header: object, claims: object, key: KeyObject) => {
  const input = `${encode(header)}.${encode(claims)}`;
  const signature = createSign('sha256').update(input).sign({ key, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
};
const hs256 = (header: object, claims: object, key: string | Buffer) => {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
};

/** Everything a forger may come with; all but the honest one are made without the key, or with it for another purpose. */
function forge(): Record<string, string> {
  const ours = running.config.SIGNING_KEY;
  const { kid } = new SigningKeys({ SIGNING_KEY: ours });
  const theirs = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const now = Math.floor(Date.now() / 1000);
  const header = { alg: 'ES256', typ: 'at+jwt', kid };
  const claims = {
    iss: 'conclave-auth',
    aud: 'conclave-internal',
    sub: marta.id,
    sid: marta.sessionId,
    iat: now,
    exp: now + 60,
    name: 'Marta Berg',
    email: marta.email,
    email_verified: true,
    roles: [],
  };
  const publicPem = createPublicKey(ours).export({ type: 'spki', format: 'pem' });
  const jwk = theirs.publicKey.export({ format: 'jwk' });
  const [head = '', body = '', signature = ''] = marta.as.principal.split('.');
  return {
    'a LiveKit token': hs256(
      { alg: 'HS256', typ: 'JWT' },
      { iss: 'LKkey', sub: marta.id, exp: now + 60, video: { roomJoin: true } },
      'livekit-secret',
    ),
    'the public key used as an HMAC secret': hs256({ ...header, alg: 'HS256' }, claims, publicPem),
    'alg none': `${encode({ ...header, alg: 'none' })}.${encode(claims)}.`,
    'alg None in other letters': `${encode({ ...header, alg: 'nOnE' })}.${encode(claims)}.`,
    'a key of somebody else under our kid': es256(header, claims, theirs.privateKey),
    'a kid nobody has': es256({ ...header, kid: 'other' }, claims, theirs.privateKey),
    'a key in its own header': es256({ ...header, jwk, kid: 'other' }, claims, theirs.privateKey),
    'another typ': es256({ ...header, typ: 'JWT' }, claims, ours),
    'no typ': es256({ alg: 'ES256', kid }, claims, ours),
    'no kid': es256({ alg: 'ES256', typ: 'at+jwt' }, claims, ours),
    'another audience': es256(header, { ...claims, aud: 'livekit' }, ours),
    'no audience': es256(header, { ...claims, aud: undefined }, ours),
    'another issuer': es256(header, { ...claims, iss: 'https://evil.example' }, ours),
    'a past end': es256(header, { ...claims, iat: now - 120, exp: now - 60 }, ours),
    'a long life': es256(header, { ...claims, iat: now - 120, exp: now + 86_400 }, ours),
    'other claims under an honest signature': `${head}.${encode({ ...claims, roles: ['admin'] })}.${signature}`,
    'a signature that is cut': `${head}.${body}.${signature.slice(0, -4)}`,
    'no signature': `${head}.${body}.`,
    'a session token': marta.sessionToken,
    'a personal token': marta.personalToken,
    'odd characters': 'a.b.c',
    'a long text': 'x'.repeat(8000),
  };
}

describe('a principal token', () => {
  it('that is honest opens every door for people', async () => {
    for (const method of personMethods) {
      const bus = await running.busAs(callerOf(method));
      const empty = toBinary(method.input, create(method.input));
      expect([method.name, await callWithBytes(bus, method, empty, marta.as.principal)]).not.toContain(
        'UNAUTHENTICATED',
      );
    }
    marta = await signUp(running); // the door of EndSession was opened too
    attacks = forge();
  });

  it('that is forged, borrowed from elsewhere or over opens none', async () => {
    for (const method of personMethods) {
      const bus = await running.busAs(callerOf(method));
      const empty = toBinary(method.input, create(method.input));
      expect([method.name, await callWithBytes(bus, method, empty)]).toEqual([method.name, 'UNAUTHENTICATED']);
      for (const [attack, token] of Object.entries(attacks))
        expect([method.name, attack, await callWithBytes(bus, method, empty, token)]).toEqual([
          method.name,
          attack,
          'UNAUTHENTICATED',
        ]);
    }
  });
});
