import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { PrincipalVerifier } from '@conclave/messaging';
import { SystemClock, Ids } from '@conclave/platform';
import { JwtService } from '@nestjs/jwt';
import { decodeJwt } from '../../test/support/jwt.js';
import { PrincipalTokens } from './principal-tokens.js';
import { SigningKeys } from './signing-keys.js';

const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const vouched = {
  userId: 'u1',
  sessionId: 's1',
  credentialId: 's1',
  displayName: 'מרתה 🦊',
  email: 'marta@x.example',
  emailVerifiedBy: 'invitation' as const,
};
const tokensOf = (keys: SigningKeys) => {
  const clock = new SystemClock();
  return new PrincipalTokens(new JwtService({}), keys, clock, new Ids(clock));
};
const keysOf = (current: KeyObject, previous?: KeyObject) =>
  new SigningKeys({ SIGNING_KEY: current, SIGNING_KEY_PREVIOUS: previous });
const verifierOf = (keys: SigningKeys) =>
  new PrincipalVerifier({ list: () => Promise.resolve(keys.list()) }, new SystemClock());

describe('a principal token', () => {
  const keys = keysOf(pair().privateKey);

  it('has exactly the claims of RFC 9068 that verifiers expect', async () => {
    const { header, payload } = decodeJwt(await tokensOf(keys).mint(vouched));
    expect(header).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: keys.kid });
    expect(payload).toEqual({
      iss: 'conclave-auth',
      aud: 'conclave-internal',
      sub: 'u1',
      sid: 's1',
      cid: 's1',
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      iat: expect.any(Number),
      exp: Number(payload['iat']) + 60,
      name: 'מרתה 🦊',
      email: 'marta@x.example',
      email_verified: true,
      email_verified_by: 'invitation',
      roles: [],
    });
  });

  it('is what the verifier of every service accepts', async () => {
    expect(await verifierOf(keys).verify(await tokensOf(keys).mint(vouched))).toEqual({ ...vouched, roles: [] });
  });

  it('carries no session where a personal token stands behind it', async () => {
    const { sessionId: _none, ...person } = vouched;
    const token = await tokensOf(keys).mint({ ...person, credentialId: 't1' });
    expect(decodeJwt(token).payload).not.toHaveProperty('sid');
    expect(await verifierOf(keys).verify(token)).toMatchObject({ sessionId: '', credentialId: 't1' });
  });

  it('is never the same twice', async () => {
    const tokens = tokensOf(keys);
    expect(await tokens.mint(vouched)).not.toBe(await tokens.mint(vouched));
  });
});

describe('signing keys', () => {
  it('are named by their RFC 7638 thumbprint, so that each key has one name everywhere', () => {
    const { privateKey, publicKey } = pair();
    const [listed] = keysOf(privateKey).list();
    expect(listed?.kid).toMatch(/^[\w-]{43}$/);
    expect(keysOf(pair().privateKey, publicKey).list()[1]).toEqual(listed);
  });

  it('list public halves only, the present one first, the one before it behind', async () => {
    const [old, present] = [pair(), pair()];
    const rotated = keysOf(present.privateKey, old.publicKey);
    expect(rotated.list()).toHaveLength(2);
    for (const { publicKeyPem } of rotated.list()) {
      expect(publicKeyPem).toContain('BEGIN PUBLIC KEY');
      expect(createPublicKey(publicKeyPem).asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    }
    const fromBefore = await tokensOf(keysOf(old.privateKey)).mint(vouched);
    await expect(verifierOf(rotated).verify(fromBefore)).resolves.toMatchObject({ userId: 'u1' });
  });
});
