import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { createUser, fromSeed } from '@nats-io/nkeys';

/** One kind of secret: how it is made, and how a given one is told to be of its kind. */
export interface SecretKind {
  readonly make: (prefix?: string) => string;
  /** What is wrong with a value, without the value; undefined when nothing is. */
  readonly fault: (value: string) => string | undefined;
}

const bytesOf = (base64: string): number => {
  const bytes = Buffer.from(base64, 'base64');
  return bytes.toString('base64') === base64 ? bytes.length : -1;
};

const holds = (test: () => boolean): boolean => {
  try {
    return test();
  } catch {
    return false;
  }
};

/** Every kind of secret that the product is made of. */
export const secretKinds = {
  /** 32 random bytes in base64url. */
  password: {
    make: () => randomBytes(32).toString('base64url'),
    fault: (value) => (value.length < 16 ? 'must have at least 16 characters' : undefined),
  },
  /** 32 random bytes in base64: KEKs, peppers, token keys. */
  'base64-32': {
    make: () => randomBytes(32).toString('base64'),
    fault: (value) => (bytesOf(value) === 32 ? undefined : 'must be 32 bytes in base64'),
  },
  /** A private key for ES256, in PEM. */
  'p256-pkcs8-pem': {
    make: () =>
      generateKeyPairSync('ec', { namedCurve: 'P-256' })
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString()
        .trim(),
    fault: (value) =>
      holds(() => createPrivateKey(value).asymmetricKeyDetails?.namedCurve === 'prime256v1')
        ? undefined
        : 'must be a P-256 key as PKCS8 PEM',
  },
  /** The seed of a user of the bus. */
  'nkey-user-seed': {
    make: () => new TextDecoder().decode(createUser().getSeed()),
    fault: (value) =>
      holds(() => publicKeyOf(value).startsWith('U')) ? undefined : 'must be the nkey seed of a user (SU…)',
  },
  /** The public half of a pair: a name with 8 random bytes behind it. */
  'access-key': {
    make: (prefix = 'key') => `${prefix}${randomBytes(8).toString('hex')}`,
    fault: (value) => (value.length < 3 ? 'must have at least 3 characters' : undefined),
  },
} as const satisfies Record<string, SecretKind>;

/** Name of a kind. */
export type SecretKindName = keyof typeof secretKinds;

/** The public key of a user of the bus; the seed may end in a line break. */
export const publicKeyOf = (seed: string): string => fromSeed(new TextEncoder().encode(seed.trim())).getPublicKey();

const wellKnown = new Set(
  [
    ...['admin', 'administrator', 'root', 'user', 'guest', 'test', 'demo', 'default', 'example'],
    ...['password', 'passw0rd', 'secret', 'changeme', 'change-me', 'changeit', 'change_me', 'letmein', 'qwerty'],
    ...['minio', 'minioadmin', 'minio123', 'postgres', 'nats', 'livekit', 'redis', 'devkey', 'devsecret', 'rootpass'],
    ...['apikey', 'apisecret', 'api-key', 'api-secret', 'todo', 'none', 'null', 'undefined', 'string', '12345678'],
  ].map((word) => word.toLowerCase()),
);

/** Whether everybody knows this value: a word of the manuals, or one and the same character over and over. */
export const isWellKnown = (value: string): boolean =>
  wellKnown.has(value.trim().toLowerCase()) || /^(.)\1*$/s.test(value.trim());
