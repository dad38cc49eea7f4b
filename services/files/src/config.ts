import { kekVersionPattern } from '@conclave/keys';
import { base64Secret, commonKeys, integer, migrationMode, port, secret, url } from '@conclave/platform';
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

/** The one bucket, and who may use it. */
export const bucketOf = (config: Config) => ({
  endpoint: config.S3_ENDPOINT,
  region: config.S3_REGION,
  bucket: config.S3_BUCKET,
  accessKey: config.S3_ACCESS_KEY,
  secretKey: config.S3_SECRET_KEY,
});
