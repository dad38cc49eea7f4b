import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { base64Secret, commonKeys, emailKey, flag, integer, migrationMode, secret, url } from '@conclave/platform';
import { z } from 'zod';

/** A P-256 key in PEM; anything else is refused at start, not at the first signature. */
const p256 = (read: (pem: string) => KeyObject, form: string) =>
  secret().transform((pem, context): KeyObject => {
    try {
      const key = read(pem);
      if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key;
    } catch {
      // What OpenSSL says may quote the key; the words below are enough.
    }
    context.issues.push({ code: 'custom', message: `must be a P-256 key as ${form}`, input: undefined });
    return z.NEVER;
  });

/** One address, without a name. */
const mailAddress = () => z.string().refine((value) => emailKey(value) !== '', 'must be an e-mail address');

const days = 24 * 60 * 60;

/** Everything auth reads from its environment; no secret has a default. */
export const configSchema = z.object({
  ...commonKeys,
  /** postgres://auth@host:port/auth, without a password. */
  DATABASE_URL: url(['postgres', 'postgresql']),
  DATABASE_PASSWORD: secret(),
  MIGRATIONS: migrationMode(),
  /** Key of the HMAC under which tokens are stored; without it a database dump proves nothing. */
  TOKEN_PEPPER: base64Secret(32),
  /** Signs principal tokens. */
  SIGNING_KEY: p256(createPrivateKey, 'PKCS8 PEM'),
  /** The key before it (private or public half): still listed, so that tokens signed with it verify until they expire. */
  SIGNING_KEY_PREVIOUS: p256(createPublicKey, 'PEM').optional(),
  /** A session that nobody uses for so long ends. */
  SESSION_IDLE_SECONDS: integer(60, 90 * days).default(12 * 60 * 60),
  /** A session ends after so long however busy it is. */
  SESSION_ABSOLUTE_SECONDS: integer(60, 365 * days).default(7 * days),
  /** smtp://host:port or smtps://host:port, without a password; without it no mail goes out, and addresses stay as typed. */
  SMTP_URL: url(['smtp', 'smtps']).optional(),
  SMTP_USER: z.string().optional(),
  SMTP_PASSWORD: secret().optional(),
  /** `off` sends in the clear by smtp://, for a server on the same machine; otherwise nothing goes out without TLS. */
  SMTP_TLS: z.enum(['required', 'off'], 'must be required or off').default('required'),
  /** File with the certificates of an authority of one's own, in PEM. */
  SMTP_CA_FILE: z.string().optional(),
  /** The address that mail comes from; no-reply at the host of PUBLIC_URL where it is empty. */
  MAIL_FROM: mailAddress().optional(),
  /** Whether recovery asks for the personal token besides the mailed link. */
  RECOVERY_ASKS_PROOF: flag().default(false),
});

/** The typed environment; injected under `configToken`. */
export type Config = z.output<typeof configSchema>;

/** Token of the typed environment. */
export const configToken = Symbol('Config');
