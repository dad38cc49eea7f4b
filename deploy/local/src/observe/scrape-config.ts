import { createHmac } from 'node:crypto';
import { baseName, productServices, type ProductPorts } from '@conclave/servers';

/** What the configuration of Prometheus is made from. */
export interface ScrapeFacts {
  readonly ports: ProductPorts;
  /** Names of the processes that run: `auth`, or `auth-1` and `auth-2`. */
  readonly processes: readonly string[];
  /** Where the figures of NATS can be read in Prometheus' words. */
  readonly natsPort: number;
  /** Patterns of rule files. */
  readonly ruleFiles: readonly string[];
  /** File with MinIO's bearer token. */
  readonly minioTokenFile: string;
}

/** One process to ask. */
interface Target {
  readonly name: string;
  readonly port: number | undefined;
}

function job(name: string, targets: readonly Target[], more: object = {}): object[] {
  const known = targets.filter((target) => target.port !== undefined);
  if (known.length === 0) return [];
  return [
    {
      job_name: name,
      static_configs: known.map(({ name: instance, port }) => ({
        targets: [`127.0.0.1:${port}`],
        labels: { process: instance },
      })),
      ...more,
    },
  ];
}

/**
 * The configuration as text; YAML is a superset of JSON. Jobs are named as under Helm (`auth`, …, `livekit`, `nats`, `minio`), for
 * the rules tell components apart by them.
 */
export function scrapeConfig({ ports, processes, natsPort, ruleFiles, minioTokenFile }: ScrapeFacts): string {
  const replicas = (base: string): string[] => processes.filter((name) => baseName(name) === base);
  const minio = {
    metrics_path: '/minio/v2/metrics/cluster',
    authorization: { type: 'Bearer', credentials_file: minioTokenFile },
  };
  return JSON.stringify(
    {
      global: { scrape_interval: '5s', scrape_timeout: '4s', evaluation_interval: '15s' },
      rule_files: ruleFiles,
      scrape_configs: [
        ...productServices.flatMap((service) =>
          job(
            service,
            replicas(service).map((name) => ({ name, port: ports[name] })),
            // Our own `service` label stays as it is.
            { honor_labels: true },
          ),
        ),
        ...job(
          'livekit',
          replicas('livekit').map((name) => ({ name, port: ports[name.replace('livekit', 'livekitMetrics')] })),
        ),
        ...job('nats', [{ name: 'nats', port: natsPort }]),
        ...job('minio', [{ name: 'minio', port: ports.minio }], minio),
      ],
    },
    null,
    2,
  );
}

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** The token that MinIO wants from Prometheus (as `mc admin prometheus generate` makes it): a JWT under the key pair of a user. */
export function minioToken({ accessKey, secretKey }: { accessKey: string; secretKey: string }, now: Date): string {
  const year = 366 * 24 * 3600;
  const claims = { exp: Math.floor(now.getTime() / 1000) + year, sub: accessKey, iss: 'prometheus' };
  const signed = `${encode({ alg: 'HS512', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${createHmac('sha512', secretKey).update(signed).digest('base64url')}`;
}
