import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { filesBucket, pins, serviceEnvironment, type ProductService } from '@conclave/servers';

const read = (path: string) => parse(readFileSync(join(import.meta.dirname, path), 'utf8'), { merge: true });
const { services } = read('compose.yaml');
const chart = read('../helm/conclave/values.yaml');

const ports = new Proxy({}, { get: () => 1 }) as Parameters<typeof serviceEnvironment>[1]['ports'];
const facts = {
  ports,
  secretFile: (name: string) => name,
  publicUrl: 'x',
  publicHost: 'x',
  publicPort: 1,
  webRoot: 'x',
};
const ours: ProductService[] = ['auth', 'rooms', 'files', 'gateway'];
const imageOf = (service: string): string => /^\$\{\w+:-(.+)\}$/.exec(services[service].image)?.[1] ?? '';

describe.each(ours)('%s', (service) => {
  const environment: Record<string, string> = services[service].environment;
  const wanted = serviceEnvironment(service, facts);

  it('is told the same things as under npm start, by the same names', () => {
    expect(Object.keys(environment).sort()).toEqual(Object.keys(wanted).sort());
  });

  it('reads secrets from files only', () => {
    for (const [key, value] of Object.entries(environment)) {
      if (/SECRET|PASSWORD|SEED|PEPPER|SIGNING|TOKEN_KEY|_KEY(_FILE)?$/.test(key)) {
        expect(key).toMatch(/_FILE$/);
        expect(value).toMatch(/^\/etc\/conclave\/secrets\//);
      }
    }
  });
});

it('every container is hardened, and only init has any right at all', () => {
  for (const [name, service] of Object.entries<Record<string, unknown>>(services)) {
    expect({ name, ...service }).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
    expect(service['cap_add'] ?? []).toEqual(name === 'init' ? ['CHOWN'] : []);
    if (name !== 'init') expect(service['user']).not.toMatch(/^(0|root)/);
    expect(service['privileged']).toBeUndefined();
  }
});

it('only the gateway and media are reached from outside, and from this machine alone until somebody says otherwise', () => {
  const open = Object.entries<{ ports?: string[] }>(services).filter(([, { ports: given }]) => given);
  expect(open.map(([name]) => name).sort()).toEqual(['gateway', 'livekit']);
  for (const [, { ports: given = [] }] of open) {
    for (const port of given) expect(port).toMatch(/^\$\{LISTEN_ADDRESS:-127\.0\.0\.1\}:/);
  }
});

it('servers are those of the chart and of npm start', () => {
  const { repository, tag } = chart.database.bundled.image;
  expect(imageOf('postgres')).toBe(`${repository}:${tag}`);
  const bundled = {
    nats: chart.nats.bundled.image,
    minio: chart.objectStorage.bundled.image,
    livekit: chart.livekit.image,
  };
  for (const [name, image] of Object.entries(bundled)) expect(imageOf(name)).toBe(`${image.repository}:${image.tag}`);
  expect(imageOf('nats')).toBe(pins['nats-server'].image);
  expect(imageOf('minio')).toBe(pins.minio.image);
  expect(imageOf('livekit')).toBe(pins['livekit-server'].image);
});

it('storage and files mean the same bucket', () => {
  expect(services.storage.environment.S3_BUCKET).toBe(filesBucket);
  expect(services.files.environment.S3_BUCKET).toBe(filesBucket);
});

it('our images carry the version of the project', () => {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
  for (const name of [...ours, 'init', 'databases', 'storage']) {
    expect(services[name].image).toContain(`\${CONCLAVE_VERSION:-${version}}`);
  }
});
