import { createHash, generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import { auth, create, fromBinary, subjectOf, toBinary } from '@conclave/contracts';
import { Ids, SystemClock } from '@conclave/platform';
import { JwtService } from '@nestjs/jwt';
import { Bus } from '../bus.js';
import {
  principalAudience,
  principalIssuer,
  principalTtlSeconds,
  principalType,
  type Principal,
} from '../principal.js';

const ids = new Ids(new SystemClock());

/** An invented person and a token that proves them now. */
export interface TestPerson extends Principal {
  readonly token: string;
}

/** Stands where auth stands: signs principal tokens with a real key and answers for its public half on the bus. */
export interface TestPrincipals {
  /** A new person; unsaid facts are invented. */
  person(facts?: Partial<Principal>): TestPerson;
  /** A fresh token for the same person, or one with other claims or headers for attacks. */
  sign(principal: Principal, changes?: { claims?: object; header?: object; expiresIn?: number }): string;
  readonly publicKeyPem: string;
  readonly kid: string;
  close(): Promise<void>;
}

/** Starts answering as auth; `nats` must carry the nkey seed of auth. */
export async function testPrincipals(nats: { url: string; seed: string }): Promise<TestPrincipals> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const kid = createHash('sha256').update(publicKeyPem).digest('base64url').slice(0, 16);
  const bus = await Bus.connect({ ...nats, service: 'auth' });
  const { listSigningKeys } = auth.SigningKeysService.method;
  bus.respond(subjectOf(listSigningKeys), 'auth', (message) => {
    fromBinary(listSigningKeys.input, message.data);
    message.respond(
      toBinary(listSigningKeys.output, create(listSigningKeys.output, { keys: [{ kid, publicKeyPem }] })),
    );
  });
  await bus.ping();
  const sign: TestPrincipals['sign'] = (principal, changes = {}) => mint(privateKey, kid, principal, changes);
  return {
    person(facts = {}) {
      const sessionId = facts.sessionId ?? randomUUID();
      const principal: Principal = {
        // As auth makes them: an id tells how old the account is.
        userId: ids.uuidv7(),
        sessionId,
        credentialId: sessionId || randomUUID(),
        displayName: 'Marta Berg',
        email: `${randomUUID()}@example.test`,
        emailVerifiedBy: 'mail',
        roles: [],
        ...facts,
      };
      let token = sign(principal);
      let signedAt = Date.now();
      return {
        ...principal,
        // A slow machine takes longer over a spec than a token lives: whoever asks late gets a fresh one, as from the gateway.
        get token(): string {
          if (Date.now() - signedAt > (principalTtlSeconds / 2) * 1000) {
            token = sign(principal);
            signedAt = Date.now();
          }
          return token;
        },
      };
    },
    sign,
    publicKeyPem,
    kid,
    close: () => bus.close(),
  };
}

function mint(
  key: KeyObject,
  kid: string,
  principal: Principal,
  {
    claims = {},
    header = {},
    expiresIn = principalTtlSeconds,
  }: { claims?: object; header?: object; expiresIn?: number },
): string {
  return new JwtService({}).sign(
    {
      sub: principal.userId,
      sid: principal.sessionId,
      cid: principal.credentialId,
      jti: randomUUID(),
      name: principal.displayName,
      email: principal.email,
      email_verified: principal.emailVerifiedBy !== null,
      ...(principal.emailVerifiedBy && { email_verified_by: principal.emailVerifiedBy }),
      roles: principal.roles,
      iss: principalIssuer,
      aud: principalAudience,
      ...claims,
    },
    {
      privateKey: key as never,
      algorithm: 'ES256',
      expiresIn,
      header: { alg: 'ES256', typ: principalType, kid, ...header },
    },
  );
}
