import { createHmac } from 'node:crypto';
import { natsFigures } from './nats-figures.js';
import { minioToken, scrapeConfig } from './scrape-config.js';

interface Config {
  rule_files: string[];
  scrape_configs: { job_name: string; static_configs: { targets: string[]; labels: { process: string } }[] }[];
}

describe('what Prometheus is told to ask', () => {
  const ports = {
    postgres: 1,
    nats: 2,
    natsMonitor: 3,
    minio: 4,
    livekit: 5,
    webhook: 6,
    data: 7,
    'auth-1': 10,
    'auth-2': 11,
    rooms: 12,
    files: 13,
    gateway: 14,
    'livekitMetrics-1': 20,
    'livekitMetrics-2': 21,
  };
  const processes = ['postgres', 'livekit-1', 'livekit-2', 'auth-1', 'auth-2', 'rooms', 'files', 'gateway'];
  const config = JSON.parse(
    scrapeConfig({ ports, processes, natsPort: 30, ruleFiles: ['/rules/*.yaml'], minioTokenFile: '/token' }),
  ) as Config;
  const asked = (job: string): string[] =>
    config.scrape_configs
      .filter((one) => one.job_name === job)
      .flatMap((one) => one.static_configs.flatMap((s) => s.targets));

  it('every replica of every service is asked under the name of its component', () => {
    expect(asked('auth')).toEqual(['127.0.0.1:10', '127.0.0.1:11']);
    for (const job of ['rooms', 'files', 'gateway']) expect(asked(job)).toHaveLength(1);
  });

  it('every media server, NATS and MinIO are asked', () => {
    expect(asked('livekit')).toEqual(['127.0.0.1:20', '127.0.0.1:21']);
    expect(asked('nats')).toEqual(['127.0.0.1:30']);
    expect(asked('minio')).toEqual(['127.0.0.1:4']);
  });

  it('MinIO is asked with a token of its own make', () => {
    const token = minioToken({ accessKey: 'key', secretKey: 'secret' }, new Date(0));
    const [head, claims, signature] = token.split('.');
    expect(JSON.parse(Buffer.from(claims ?? '', 'base64url').toString())).toMatchObject({
      sub: 'key',
      iss: 'prometheus',
    });
    expect(signature).toBe(createHmac('sha512', 'secret').update(`${head}.${claims}`).digest('base64url'));
  });

  it('numbers of NATS get the names of its exporter', () => {
    const text = natsFigures({
      server_name: 'conclave',
      slow_consumers: 0,
      jetstream: { stats: { storage: 7 } },
      host: 'x',
    });
    expect(text).toContain('nats_varz_slow_consumers{server="conclave"} 0');
    expect(text).toContain('nats_varz_jetstream_stats_storage{server="conclave"} 7');
    expect(text).not.toContain('host');
  });
});
