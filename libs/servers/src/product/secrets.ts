import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { busUsers, type BusUser } from '../nats/allow-list.js';
import type { LiveKitKey } from '../livekit/config.js';
import type { S3Credentials } from '../minio/sigv4.js';
import { databaseRoles, type DatabaseRole } from '../postgres/provision.js';
import { publicKeyOf, secretKinds } from './secret-kinds.js';

/** Where each secret lies, relative to the secrets folder, and how one is made. Everything that the product keeps secret is in this list. */
const recipes: Readonly<Record<string, () => string>> = {
  'postgres/admin': secretKinds.password.make,
  ...Object.fromEntries(databaseRoles.map((role) => [`postgres/${role}`, secretKinds.password.make])),
  ...Object.fromEntries(busUsers.map((user) => [`nats/${user}`, secretKinds['nkey-user-seed'].make])),
  'minio/root-access-key': () => secretKinds['access-key'].make('root'),
  'minio/root-secret-key': secretKinds.password.make,
  'minio/files-access-key': () => secretKinds['access-key'].make('files'),
  'minio/files-secret-key': secretKinds.password.make,
  'redis/password': secretKinds.password.make,
  'livekit/api-key': () => secretKinds['access-key'].make('rooms'),
  'livekit/api-secret': secretKinds.password.make,
  'livekit/webhook-key': () => secretKinds['access-key'].make('webhook'),
  'livekit/webhook-secret': secretKinds.password.make,
  'auth/token-pepper': secretKinds['base64-32'].make,
  'auth/signing-key.pem': secretKinds['p256-pkcs8-pem'].make,
  'rooms/token-pepper': secretKinds['base64-32'].make,
  'rooms/kek/v1': secretKinds['base64-32'].make,
  'files/kek/v1': secretKinds['base64-32'].make,
  'files/hop-token-key': secretKinds['base64-32'].make,
};

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
    redisPassword: get('redis/password'),
  };
}
