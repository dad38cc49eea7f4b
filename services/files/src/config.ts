import { kekVersionPattern } from '@conclave/keys';
import { base64Secret, commonKeys, integer, migrationMode, port, secret, url } from '@conclave/platform';
import { ENGINE_WISHES } from '@conclave/sealing/node';
import { z } from 'zod';

const gibibyte = 1024 ** 3;

/** Everything files reads from its environment, once, at boot. No secret has a default. */
export const configSchema = z.object({
  ...commonKeys,
  DATABASE_URL: url(['postgres', 'postgresql']),
  DATABASE_PASSWORD: secret(),
  /** The second connection: the only role that reads wrapped keys. */
  KEYS_DATABASE_URL: url(['postgres', 'postgresql']),
  KEYS_DATABASE_PASSWORD: secret(),
  MIGRATIONS: migrationMode(),
  KEK_DIR: z.string().min(1),
  KEK_ACTIVE: z.string().regex(kekVersionPattern, 'must be a version such as v1'),
  S3_ENDPOINT: url(),
  S3_REGION: z.string().min(1),
  S3_BUCKET: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket'),
  S3_ACCESS_KEY: secret(),
  S3_SECRET_KEY: secret(),
  /** Of keys that were lent for a while (STS). */
  S3_SESSION_TOKEN: secret().optional(),
  /** Certificates of the authorities that are believed for the store, in place of all others. */
  S3_CA: secret().optional(),
  S3_ADDRESSING: z.enum(['path', 'virtual'], 'must be path or virtual').default('path'),
  HOP_TOKEN_KEY: base64Secret(32),
  DATA_HOST: z.string().min(1),
  DATA_PORT: port(),
  /** A listening socket that this process inherits instead of opening the port itself; replicas on one machine share it. */
  LISTEN_FD: integer(3, 1023).optional(),
  SEALING_SUITE: z.enum(['01', '02'], 'must be 01 or 02'),
  /** 1 for as long as a release that knows no other runs beside this one. */
  SEALED_MANIFEST: z
    .enum(['1', '2'], 'must be 1 or 2')
    .default('2')
    .transform((text) => (text === '1' ? 1 : 2)),
  /** What seals runs of segments: `auto` takes the native engine where it is there and fits the processor. */
  SEALING_ENGINE: z.enum(ENGINE_WISHES, 'must be auto, native or portable').default('auto'),
  /** File of the native engine; empty where none was built. */
  SEALING_MODULE: z.string().default(''),
  /** 0 means as many as there are cores. */
  SEALING_WORKERS: integer(0, 256),
  MAX_FILE_BYTES: integer(1, 64 * gibibyte),
  /** Space of the files of one room. */
  ROOM_QUOTA_BYTES: integer(1, 1024 * gibibyte),
  /** Space of the files of one person, over all rooms. */
  PERSON_QUOTA_BYTES: integer(1, 1024 * gibibyte),
});

/** The configuration, parsed. */
export type Config = z.output<typeof configSchema>;

/** Injects the configuration. */
export const configToken = Symbol('Config');

/** What says where the bucket is. */
export type BucketConfig = Pick<
  Config,
  | 'S3_ENDPOINT'
  | 'S3_REGION'
  | 'S3_BUCKET'
  | 'S3_ACCESS_KEY'
  | 'S3_SECRET_KEY'
  | 'S3_SESSION_TOKEN'
  | 'S3_CA'
  | 'S3_ADDRESSING'
>;

/** The one bucket, and who may use it. */
export const bucketOf = (config: BucketConfig) => ({
  endpoint: config.S3_ENDPOINT,
  region: config.S3_REGION,
  bucket: config.S3_BUCKET,
  accessKey: config.S3_ACCESS_KEY,
  secretKey: config.S3_SECRET_KEY,
  sessionToken: config.S3_SESSION_TOKEN,
  ca: config.S3_CA,
  addressing: config.S3_ADDRESSING,
});
