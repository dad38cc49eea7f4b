import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createUser, fromSeed } from '@nats-io/nkeys';
import { busUsers, type BusUser } from '../nats/allow-list.js';
import type { LiveKitKey } from '../livekit/config.js';
import type { S3Credentials } from '../minio/sigv4.js';
import { databaseRoles, type DatabaseRole } from '../postgres/provision.js';

/** Where each secret lies, relative to the secrets folder, and how one is made. Everything that the product keeps secret is in this list. */
const recipes: Readonly<Record<string, () => string>> = {
  'postgres/admin': () => token(),
  ...Object.fromEntries(databaseRoles.map((role) => [`postgres/${role}`, () => token()])),
  ...Object.fromEntries(busUsers.map((user) => [`nats/${user}`, () => nkeySeed()])),
  'minio/root-access-key': () => `root${randomBytes(8).toString('hex')}`,
  'minio/root-secret-key': () => token(),
  'minio/files-access-key': () => `files${randomBytes(8).toString('hex')}`,
  'minio/files-secret-key': () => token(),
  'livekit/api-key': () => `rooms${randomBytes(8).toString('hex')}`,
  'livekit/api-secret': () => token(),
  'livekit/webhook-key': () => `webhook${randomBytes(8).toString('hex')}`,
  'livekit/webhook-secret': () => token(),
  'auth/token-pepper': () => base64Key(),
  'auth/signing-key.pem': () => signingKey(),
  'rooms/token-pepper': () => base64Key(),
  'rooms/kek/v1': () => base64Key(),
  'files/kek/v1': () => base64Key(),
  'files/hop-token-key': () => base64Key(),
};

const token = (): string => randomBytes(32).toString('base64url');
const base64Key = (): string => randomBytes(32).toString('base64');
const nkeySeed = (): string => new TextDecoder().decode(createUser().getSeed());
const signingKey = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString()
    .trim();

/** The secrets that the supervisor itself works with; services read theirs from files. */
export interface Secrets {
  /** The file of a secret. */
  file(name: string): string;
  readonly superuserPassword: string;
  readonly databasePasswords: Readonly<Record<DatabaseRole, string>>;
  readonly natsPublicKeys: Readonly<Record<BusUser, string>>;
  readonly minioRoot: S3Credentials;
  readonly minioFiles: S3Credentials;
  readonly livekitApi: LiveKitKey;
  readonly livekitWebhook: LiveKitKey;
}

/** Writes a secret that is not there yet; one that is there is never touched. */
async function ensure(file: string, make: () => string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  try {
    await writeFile(file, `${make()}\n`, { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    await chmod(file, 0o600);
  }
}

const publicKeyOf = (seed: string): string => fromSeed(new TextEncoder().encode(seed)).getPublicKey();

/** Makes what is missing of this installation's secrets, each in a file of mode 0600, and reads them. Nothing is built in. */
export async function ensureSecrets(folder: string): Promise<Secrets> {
  const values = new Map<string, string>();
  const file = (name: string): string => join(folder, name);
  for (const [name, make] of Object.entries(recipes)) {
    await ensure(file(name), make);
    const value = (await readFile(file(name), 'utf8')).trim();
    if (!value) throw new Error(`the secret in ${file(name)} is empty; a copy of it belongs there, or --reset`);
    values.set(name, value);
  }
  const get = (name: string): string => values.get(name) ?? '';
  const key = (name: string): LiveKitKey => ({
    key: get(`livekit/${name}-key`),
    secret: get(`livekit/${name}-secret`),
  });
  const s3 = (name: string): S3Credentials => ({
    accessKey: get(`minio/${name}-access-key`),
    secretKey: get(`minio/${name}-secret-key`),
  });
  return {
    file,
    superuserPassword: get('postgres/admin'),
    databasePasswords: Object.fromEntries(databaseRoles.map((role) => [role, get(`postgres/${role}`)])) as Record<
      DatabaseRole,
      string
    >,
    natsPublicKeys: Object.fromEntries(busUsers.map((user) => [user, publicKeyOf(get(`nats/${user}`))])) as Record<
      BusUser,
      string
    >,
    minioRoot: s3('root'),
    minioFiles: s3('files'),
    livekitApi: key('api'),
    livekitWebhook: key('webhook'),
  };
}
