import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { busUsers, type BusUser } from '../nats/allow-list.js';
import type { LiveKitKey } from '../livekit/config.js';
import type { S3Credentials } from '../minio/sigv4.js';
import { databaseRoles, type DatabaseRole } from '../postgres/provision.js';
import { publicKeyOf, secretKinds, type SecretKind } from './secret-kinds.js';

const { password, 'base64-32': random, 'nkey-user-seed': seed, 'p256-pkcs8-pem': signingKey } = secretKinds;
const accessKey = (prefix: string): SecretKind => ({
  make: () => secretKinds['access-key'].make(prefix),
  fault: secretKinds['access-key'].fault,
});

/** Where each secret lies, relative to the secrets folder, and of what kind it is. Everything that the product keeps secret is in this list. */
const recipes: Readonly<Record<string, SecretKind>> = {
  'postgres/admin': password,
  ...Object.fromEntries(databaseRoles.map((role) => [`postgres/${role}`, password])),
  ...Object.fromEntries(busUsers.map((user) => [`nats/${user}`, seed])),
  'minio/root-access-key': accessKey('root'),
  'minio/root-secret-key': password,
  'minio/files-access-key': accessKey('files'),
  'minio/files-secret-key': password,
  'redis/password': password,
  'livekit/api-key': accessKey('rooms'),
  'livekit/api-secret': password,
  'livekit/webhook-key': accessKey('webhook'),
  'livekit/webhook-secret': password,
  'auth/token-pepper': random,
  'auth/signing-key.pem': signingKey,
  'rooms/token-pepper': random,
  'rooms/kek/v1': random,
  'files/kek/v1': random,
  'files/hop-token-key': random,
};

/** A secret is not what was written once, or not there where data need it; the message says what a person can do. */
export class SecretDamaged extends Error {}

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
  readonly redisPassword: string;
}

/** Writes a secret that is not there yet, whole or not at all; one that is there is never touched. */
async function ensure(file: string, make: () => string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const whole = `${file}.new`;
  await rm(whole, { force: true });
  await writeFile(whole, `${make()}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    // A link, not a new name: that would replace one that is there.
    await link(whole, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    await chmod(file, 0o600);
  } finally {
    await rm(whole, { force: true });
  }
}

/**
 * Refuses to make new secrets where data were written under others: nobody could open them.
 *
 * @throws SecretDamaged
 */
export async function requireSecrets(folder: string, dataFolder: string): Promise<void> {
  const there = await readFile(join(folder, 'postgres/admin'), 'utf8').catch(() => null);
  if (there !== null) return;
  throw new SecretDamaged(
    `The secrets are gone from ${folder}, and the data in ${dataFolder} open only with them. Put them back from a copy, or begin anew without these data: npm start -- --reset`,
  );
}

/** Makes what is missing of this installation's secrets, each in a file of mode 0600, and reads them. Nothing is built in. */
export async function ensureSecrets(folder: string): Promise<Secrets> {
  const values = new Map<string, string>();
  const file = (name: string): string => join(folder, name);
  for (const [name, { make, fault }] of Object.entries(recipes)) {
    await ensure(file(name), make);
    const value = (await readFile(file(name), 'utf8')).trim();
    const wrong = value ? fault(value) : 'is empty';
    if (wrong)
      throw new SecretDamaged(
        `The secret in ${file(name)} ${wrong}: it was damaged. Put it back from a copy, or begin anew without the data that need it: npm start -- --reset`,
      );
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
    redisPassword: get('redis/password'),
  };
}
