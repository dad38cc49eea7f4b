import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adminClient, findServer, freePort, startPostgres } from '../src/index.js';

describe('Postgres from its package', () => {
  it('starts where no Postgres is installed: checksums, durable, loopback only', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'conclave-npm-postgres-'));
    chmodSync(folder, 0o755);
    const binary = await findServer('postgres', { path: '/nonexistent' });
    const port = await freePort();
    const options = { binary, dataFolder: join(folder, 'data'), port, superuserPassword: 'of-this-test-only' };
    const first = await startPostgres(options);
    try {
      const client = adminClient(first);
      await client.connect();
      const show = async (name: string): Promise<unknown> => (await client.query(`show ${name}`)).rows[0]?.[name];
      expect(await show('data_checksums')).toBe('on');
      expect(await show('fsync')).toBe('on');
      expect(await show('listen_addresses')).toBe('127.0.0.1');
      expect(await show('password_encryption')).toBe('scram-sha-256');
      await client.query('create table kept (id int)');
      await client.end();
      // A crash leaves a postmaster.pid behind; the next start must get over it.
      await first.process.kill();
      const second = await startPostgres(options);
      const again = adminClient(second);
      await again.connect();
      expect((await again.query('select count(*)::int as n from kept')).rows).toEqual([{ n: 0 }]);
      await again.end();
      expect(await second.process.stop()).toEqual({ code: 0, signal: null });
    } finally {
      await first.process.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  }, 120_000);
});
