import { z } from 'zod';

const secrets = new WeakSet<z.core.$ZodType>();

function markSecret<T extends z.core.$ZodType>(schema: T): T {
  secrets.add(schema);
  return schema;
}

/** Whether a key may also come from `NAME_FILE`; looks through optional, default, pipes and transforms. */
export function isSecret(schema: z.core.$ZodType): boolean {
  if (secrets.has(schema)) return true;
  const def = schema._zod.def as { innerType?: z.core.$ZodType; in?: z.core.$ZodType };
  const inner = def.innerType ?? def.in;
  return inner !== undefined && isSecret(inner);
}

/** A secret text of at least so many characters: comes from `NAME` or from the file `NAME_FILE`, never has a default. */
export const secret = (minLength = 1) =>
  markSecret(z.string().min(minLength, `must have at least ${minLength} characters`));

/** A secret of exactly `bytes` bytes, given in base64 (padding optional); parsed to a Buffer. */
export const base64Secret = (bytes: number) =>
  markSecret(
    z.string().transform((value, context) => {
      const decoded = Buffer.from(value, 'base64');
      const canonical = decoded.toString('base64').replace(/=+$/, '') === value.replace(/=+$/, '');
      if (canonical && decoded.length === bytes) return decoded;
      context.issues.push({ code: 'custom', message: `must be ${bytes} bytes in base64`, input: undefined });
      return z.NEVER;
    }),
  );

/** A whole number within limits, both included. */
export const integer = (min: number, max: number) => {
  const message = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^-?\d{1,15}$/, message)
    .transform(Number)
    .pipe(z.number(message).min(min, message).max(max, message));
};

/** A TCP port; 0 lets the system choose one. */
export const port = () => integer(0, 65_535);

/** An absolute URL of one of these schemes (`['postgres', 'postgresql']`); without schemes, http or https. It must hold no password. */
export const url = (schemes: readonly string[] = ['http', 'https']) =>
  z.string().refine(
    (value) => {
      if (!URL.canParse(value)) return false;
      const parsed = new URL(value);
      return schemes.includes(parsed.protocol.slice(0, -1)) && parsed.password === '';
    },
    `must be a ${schemes.join(' or ')} URL without a password`,
  );

/** `true` or `false`, nothing else. */
export const flag = () => z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true');

/** How much is logged. */
export const logLevel = () =>
  z.enum(['debug', 'info', 'warn', 'error'], 'must be debug, info, warn or error').default('info');

/** Who applies migrations: this process when it starts (`run`), or `migrate.js`, on which it waits (`wait`). */
export const migrationMode = () => z.enum(['run', 'wait'], 'must be run or wait').default('run');

/** The keys that every service has: spread into its schema. */
export const commonKeys = {
  INTERNAL_HOST: z.string().min(1),
  INTERNAL_PORT: port(),
  LOG_LEVEL: logLevel(),
  NATS_URL: url(['nats', 'tls']),
  NATS_NKEY_SEED: secret(),
  PUBLIC_URL: url(),
};
