import { commonKeys, integer, port, url } from '@conclave/platform';
import { z } from 'zod';

/** An address range such as `10.0.0.0/8`, or a single address. */
const addressRange = /^[0-9a-fA-F.:]+(\/\d{1,3})?$/;

/** Everything the gateway reads from its environment, once, at boot. */
export const configSchema = z.object({
  ...commonKeys,
  HOST: z.string().min(1),
  PORT: port(),
  /** A listening socket that this process inherits instead of opening the port itself; replicas on one machine share it. */
  LISTEN_FD: integer(3, 1023).optional(),
  /** The data plane of files. */
  FILES_URL: url(['http', 'https']),
  /** The media server, as the gateway reaches it. */
  LIVEKIT_URL: url(['http', 'https']),
  /** The built web app: the folder that holds index.html. */
  WEB_ROOT: z.string().min(1),
  /** PEM files; with both of them the gateway serves HTTPS itself. */
  TLS_CERT_FILE: z.string().min(1).optional(),
  TLS_KEY_FILE: z.string().min(1).optional(),
  /** Proxies whose X-Forwarded-For counts, comma-separated; nobody's by default, so nobody can choose their own address. */
  TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((value) =>
      value
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    )
    .refine(
      (ranges) => ranges.every((range) => addressRange.test(range)),
      'must be addresses or ranges such as 10.0.0.0/8',
    ),
  /** Multiplies every rate limit: for load tests, and for many people behind one address. */
  RATE_LIMIT_SCALE: z
    .string()
    .regex(/^\d{1,6}(\.\d{1,3})?$/, 'must be a number such as 2.5')
    .transform(Number)
    .pipe(z.number().min(0.01).max(100_000))
    .default(1),
});

/** The configuration, parsed. */
export type Config = z.output<typeof configSchema>;

/** Injection token of the configuration. */
export const configToken = Symbol('Config');
