import { readFileSync } from 'node:fs';
import { type Environment, integer, OperatorError, parseConfig, secret, url } from '@conclave/platform';
import { z } from 'zod';
import { Sealer } from './age.js';
import { BucketStore } from './bucket.js';
import { databaseNames, type DatabaseAccess, type DatabaseName, type Databases } from './databases.js';
import { Signer, Signers } from './signature.js';
import { FolderStore, type PartStore } from './store.js';

const prefixOf = (name: string): string => `${name.toUpperCase()}_`;

const databaseSchema = (names: readonly DatabaseName[]) =>
  z.object(
    Object.fromEntries(
      names.flatMap((name) => [
        [`${prefixOf(name)}DATABASE_URL`, url(['postgres', 'postgresql'])],
        [`${prefixOf(name)}DATABASE_PASSWORD`, secret()],
      ]),
    ),
  );

const bucketSchema = z.object({
  S3_ENDPOINT: url(),
  S3_REGION: z.string().min(1),
  S3_BUCKET: z.string().min(1),
  S3_ACCESS_KEY: secret(),
  S3_SECRET_KEY: secret(),
  S3_SESSION_TOKEN: secret().optional(),
  S3_CA: secret().optional(),
  S3_ADDRESSING: z.enum(['path', 'virtual'], 'must be path or virtual').default('path'),
});

const placeSchema = z.object({
  /** A folder for backups; or, in its place, a bucket. */
  BACKUP_FOLDER: z.string().min(1).optional(),
  BACKUP_S3_ENDPOINT: url().optional(),
  BACKUP_S3_REGION: z.string().default('us-east-1'),
  BACKUP_S3_BUCKET: z.string().min(1).optional(),
  BACKUP_S3_PREFIX: z
    .string()
    .regex(/^$|\/$/, 'must end in a slash')
    .default(''),
  BACKUP_S3_ACCESS_KEY: secret().optional(),
  BACKUP_S3_SECRET_KEY: secret().optional(),
});

const runSchema = z.object({
  /** age1…, several with commas between them. Only their identities open the backup. */
  BACKUP_RECIPIENTS: z.string().min(1),
  /** Signs each backup, so that a restore can tell ours from one that somebody else put there. */
  BACKUP_SIGNING_KEY: secret().optional(),
  /** How many backups to keep. */
  BACKUP_KEEP: integer(1, 3650).default(14),
  /** Folder with everything that is secret; each file of it is sealed. */
  BACKUP_KEYS_DIR: z.string().min(1).optional(),
  /** Another folder for the sealed keys than for the rest. */
  BACKUP_KEYS_FOLDER: z.string().min(1).optional(),
  /** Other recipients for the keys than for the rest. */
  BACKUP_KEYS_RECIPIENTS: z.string().min(1).optional(),
});

const list = (value: string): string[] =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);

const sameOrigin = (one: string | undefined, other: string): boolean =>
  one !== undefined && URL.canParse(one) && new URL(one).origin === new URL(other).origin;

/** All databases, as the environment names them. */
export const databasesFrom = (env: Environment): Databases => databasesOf(databaseNames, env);

/** Some of them. */
export function databasesOf<Name extends DatabaseName>(
  names: readonly Name[],
  env: Environment,
): Readonly<Record<Name, DatabaseAccess>> {
  const config = parseConfig(databaseSchema(names), env) as Record<string, string>;
  const one = (name: string): { url: string; password: string } => ({
    url: config[`${prefixOf(name)}DATABASE_URL`] ?? '',
    password: config[`${prefixOf(name)}DATABASE_PASSWORD`] ?? '',
  });
  return Object.fromEntries(names.map((name) => [name, one(name)])) as unknown as Record<Name, DatabaseAccess>;
}

/** The product's own bucket. */
export function bucketFrom(env: Environment): PartStore {
  const config = parseConfig(bucketSchema, env);
  return new BucketStore({
    endpoint: config.S3_ENDPOINT,
    region: config.S3_REGION,
    bucket: config.S3_BUCKET,
    accessKey: config.S3_ACCESS_KEY,
    secretKey: config.S3_SECRET_KEY,
    sessionToken: config.S3_SESSION_TOKEN,
    ca: config.S3_CA,
    addressing: config.S3_ADDRESSING,
  });
}

/** Where backups lie. */
export function placeFrom(env: Environment): PartStore {
  const config = parseConfig(placeSchema, env);
  if (config.BACKUP_FOLDER && config.BACKUP_S3_ENDPOINT)
    throw new OperatorError('Give either BACKUP_FOLDER or BACKUP_S3_ENDPOINT, not both.');
  if (config.BACKUP_FOLDER) return new FolderStore(config.BACKUP_FOLDER);
  const { BACKUP_S3_ENDPOINT, BACKUP_S3_BUCKET, BACKUP_S3_ACCESS_KEY, BACKUP_S3_SECRET_KEY } = config;
  if (!BACKUP_S3_ENDPOINT || !BACKUP_S3_BUCKET || !BACKUP_S3_ACCESS_KEY || !BACKUP_S3_SECRET_KEY) {
    throw new OperatorError(
      'Nothing says where backups lie: give BACKUP_FOLDER, or BACKUP_S3_ENDPOINT, BACKUP_S3_BUCKET, BACKUP_S3_ACCESS_KEY and BACKUP_S3_SECRET_KEY.',
    );
  }
  // The same place under two addresses is found by the probe; this is told before anything is asked.
  const own = env['S3_BUCKET'] === BACKUP_S3_BUCKET && sameOrigin(env['S3_ENDPOINT'], BACKUP_S3_ENDPOINT);
  if (own) throw new OperatorError('BACKUP_S3_BUCKET is the bucket that is backed up; a copy belongs elsewhere.');
  return new BucketStore({
    endpoint: BACKUP_S3_ENDPOINT,
    region: config.BACKUP_S3_REGION,
    bucket: BACKUP_S3_BUCKET,
    accessKey: BACKUP_S3_ACCESS_KEY,
    secretKey: BACKUP_S3_SECRET_KEY,
    prefix: config.BACKUP_S3_PREFIX,
  });
}

/** For whom a backup is sealed, how many are kept, and where keys come from and go to. */
export function runFrom(env: Environment, destination: PartStore) {
  const config = parseConfig(runSchema, env);
  const sealer = new Sealer(list(config.BACKUP_RECIPIENTS));
  const keysSealer = config.BACKUP_KEYS_RECIPIENTS ? new Sealer(list(config.BACKUP_KEYS_RECIPIENTS)) : sealer;
  const keysPlace = config.BACKUP_KEYS_FOLDER ? new FolderStore(config.BACKUP_KEYS_FOLDER) : destination;
  const keys = config.BACKUP_KEYS_DIR
    ? { keys: { folder: config.BACKUP_KEYS_DIR, destination: keysPlace, sealer: keysSealer } }
    : {};
  const signer = config.BACKUP_SIGNING_KEY ? { signer: new Signer(config.BACKUP_SIGNING_KEY) } : {};
  return { sealer, keep: config.BACKUP_KEEP, ...signer, ...keys };
}

/** Whose backups are believed; undefined where BACKUP_SIGNERS is not given. */
export function signersFrom(env: Environment): Signers | undefined {
  const { BACKUP_SIGNERS } = parseConfig(z.object({ BACKUP_SIGNERS: z.string().optional() }), env);
  return BACKUP_SIGNERS === undefined ? undefined : new Signers(list(BACKUP_SIGNERS));
}

/** The release of this image. */
export const release = (): string =>
  (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version;
