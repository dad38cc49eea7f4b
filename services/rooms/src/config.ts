import { kekVersionPattern } from '@conclave/keys';
import { base64Secret, commonKeys, integer, migrationMode, port, secret, url } from '@conclave/platform';
import { z } from 'zod';

/** Everything rooms reads from its environment; no secret has a default. */
export const configSchema = z.object({
  ...commonKeys,
  DATABASE_URL: url(['postgres', 'postgresql']),
  DATABASE_PASSWORD: secret(),
  /** The same database under role rooms_keys, which alone may read schema `keys`. */
  KEYS_DATABASE_URL: url(['postgres', 'postgresql']),
  KEYS_DATABASE_PASSWORD: secret(),
  MIGRATIONS: migrationMode(),
  /** Pepper of invitation tokens. */
  TOKEN_PEPPER: base64Secret(32),
  /** Folder with one file per KEK version. */
  KEK_DIR: z.string().min(1),
  /** Version that wraps new room keys, for example `v1`. */
  KEK_ACTIVE: z.string().regex(kekVersionPattern, 'must be a version such as v1'),
  LIVEKIT_URL: url(),
  LIVEKIT_API_KEY: secret(),
  LIVEKIT_API_SECRET: secret(32),
  WEBHOOK_HOST: z.string().min(1),
  WEBHOOK_PORT: port(),
  /** A listening socket that this process inherits instead of opening the port itself; replicas on one machine share it. */
  LISTEN_FD: integer(3, 1023).optional(),
  LIVEKIT_WEBHOOK_KEY: secret(),
  LIVEKIT_WEBHOOK_SECRET: secret(32),
});

/** The typed environment; injected under `configToken`. */
export type Config = z.output<typeof configSchema>;

/** Token of the typed environment. */
export const configToken = Symbol('Config');
