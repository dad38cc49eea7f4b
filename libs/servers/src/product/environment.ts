import { s3Region } from '../minio/provision.js';
import type { ProductPorts } from './ports.js';
import type { ProductService } from './services.js';

/** Name of the bucket that holds the sealed objects. */
export const filesBucket = 'conclave-files';

/** Path on rooms' webhook port that LiveKit calls. */
export const webhookPath = '/webhooks/livekit';

/** What the environment of the services is made from. */
export interface EnvironmentFacts {
  readonly ports: ProductPorts;
  readonly secretFile: (name: string) => string;
  readonly publicUrl: string;
  readonly publicHost: string;
  readonly publicPort: number;
  readonly webRoot: string;
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
  readonly logLevel?: string;
  /** What seals: the wish, and the file of the native engine where there is one. */
  readonly sealing?: { readonly engine: string; readonly module: string | null };
  /** Which of several processes of the service this is, by its name; it inherits the socket of the port that they share. */
  readonly replica?: string;
}

/** The number under which a process finds the socket that it inherits, as systemd counts. */
const inheritedSocket = 3;

const mebibyte = 1024 * 1024;
const loopback = '127.0.0.1';

/** The environment of one service: the same keys as under Helm, secrets as files. */
export function serviceEnvironment(service: ProductService, facts: EnvironmentFacts): Record<string, string> {
  const { ports, secretFile } = facts;
  const shared: Record<string, string> = facts.replica === undefined ? {} : { LISTEN_FD: `${inheritedSocket}` };
  const common = {
    NODE_ENV: 'production',
    NATS_URL: `nats://${loopback}:${ports.nats}`,
    NATS_NKEY_SEED_FILE: secretFile(`nats/${service}`),
    INTERNAL_HOST: loopback,
    INTERNAL_PORT: `${ports[facts.replica ?? service]}`,
    LOG_LEVEL: facts.logLevel ?? 'info',
    PUBLIC_URL: facts.publicUrl,
  };
  const database = (prefix: string, role: string, name: string): Record<string, string> => ({
    [`${prefix}DATABASE_URL`]: `postgres://${role}@${loopback}:${ports.postgres}/${name}`,
    [`${prefix}DATABASE_PASSWORD_FILE`]: secretFile(`postgres/${role}`),
  });
  const keys = (name: 'rooms' | 'files'): Record<string, string> => ({
    ...database('KEYS_', `${name}_keys`, name),
    KEK_DIR: secretFile(`${name}/kek`),
    KEK_ACTIVE: 'v1',
  });
  const livekitUrl = `http://${loopback}:${ports.livekit}`;
  switch (service) {
    case 'auth':
      return {
        ...common,
        ...database('', 'auth', 'auth'),
        TOKEN_PEPPER_FILE: secretFile('auth/token-pepper'),
        SIGNING_KEY_FILE: secretFile('auth/signing-key.pem'),
      };
    case 'rooms':
      return {
        ...common,
        ...database('', 'rooms', 'rooms'),
        ...keys('rooms'),
        TOKEN_PEPPER_FILE: secretFile('rooms/token-pepper'),
        LIVEKIT_URL: livekitUrl,
        LIVEKIT_API_KEY_FILE: secretFile('livekit/api-key'),
        LIVEKIT_API_SECRET_FILE: secretFile('livekit/api-secret'),
        WEBHOOK_HOST: loopback,
        WEBHOOK_PORT: `${ports.webhook}`,
        ...shared,
        LIVEKIT_WEBHOOK_KEY_FILE: secretFile('livekit/webhook-key'),
        LIVEKIT_WEBHOOK_SECRET_FILE: secretFile('livekit/webhook-secret'),
      };
    case 'files':
      return {
        ...common,
        ...database('', 'files', 'files'),
        ...keys('files'),
        S3_ENDPOINT: `http://${loopback}:${ports.minio}`,
        S3_REGION: s3Region,
        S3_BUCKET: filesBucket,
        S3_ACCESS_KEY_FILE: secretFile('minio/files-access-key'),
        S3_SECRET_KEY_FILE: secretFile('minio/files-secret-key'),
        HOP_TOKEN_KEY_FILE: secretFile('files/hop-token-key'),
        DATA_HOST: loopback,
        DATA_PORT: `${ports.data}`,
        ...shared,
        SEALING_SUITE: '01',
        SEALING_WORKERS: '0',
        SEALING_ENGINE: facts.sealing?.engine ?? 'auto',
        SEALING_MODULE: facts.sealing?.module ?? '',
        MAX_FILE_BYTES: `${2048 * mebibyte}`,
        ROOM_QUOTA_BYTES: `${10_240 * mebibyte}`,
        PERSON_QUOTA_BYTES: `${51_200 * mebibyte}`,
      };
    case 'gateway':
      return {
        ...common,
        HOST: facts.publicHost,
        PORT: `${facts.publicPort}`,
        ...shared,
        FILES_URL: `http://${loopback}:${ports.data}`,
        LIVEKIT_URL: livekitUrl,
        WEB_ROOT: facts.webRoot,
        ...(facts.tls ? { TLS_CERT_FILE: facts.tls.certFile, TLS_KEY_FILE: facts.tls.keyFile } : {}),
        // Nothing stands before it on one machine: nobody may say whose address they have.
        TRUSTED_PROXIES: '',
      };
  }
}
