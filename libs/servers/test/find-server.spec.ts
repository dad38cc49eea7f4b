import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findServer, ServerNotFound } from '../src/index.js';

describe('finding a server', () => {
  let folder: string;
  const cache = process.env['XDG_CACHE_HOME'];
  const binary = (name: string, says: string): void =>
    writeFileSync(join(folder, name), `#!/bin/sh\necho '${says}'\n`, { mode: 0o755 });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'conclave-find-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
    if (cache === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = cache;
  });

  it('takes one on PATH of the right version', async () => {
    binary('nats-server', 'nats-server: v2.14.5');
    expect(await findServer('nats-server', { path: folder })).toMatchObject({ source: 'path', version: '2.14.5' });
  });

  it('refuses a wrong version by name, says what was found and wanted, and goes on to the next source', async () => {
    binary('livekit-server', 'livekit-server version 1.9.0');
    const said: string[] = [];
    process.env['XDG_CACHE_HOME'] = folder;
    const attempt = findServer('livekit-server', {
      path: folder,
      fetchToolchain: false,
      say: (line) => said.push(line),
    });
    await expect(attempt).rejects.toThrow(ServerNotFound);
    expect(said[0]).toBe(
      `livekit-server: ${join(folder, 'livekit-server')}: livekit-server is 1.9.0, wanted is 1.13.5`,
    );
  });

  it('tells everything it has looked at when there is none', async () => {
    process.env['XDG_CACHE_HOME'] = folder;
    const attempt = findServer('minio', { path: folder, fetchToolchain: false });
    await expect(attempt).rejects.toThrow(
      /minio v0\.0\.0-\S+ was found nowhere:\n {2}PATH: no minio\n {2}container engine: .*\n {2}build: no `go`/,
    );
  });

  it('refuses a MinIO that is not the pinned commit', async () => {
    binary('minio', 'minio version RELEASE.2024-01-01T00-00-00Z');
    process.env['XDG_CACHE_HOME'] = folder;
    await expect(findServer('minio', { path: folder, fetchToolchain: false })).rejects.toThrow(
      'minio is RELEASE.2024-01-01T00-00-00Z',
    );
  });

  it('refuses a Postgres that is too old, and takes the one of the package', async () => {
    binary('postgres', 'postgres (PostgreSQL) 14.1');
    const said: string[] = [];
    const found = await findServer('postgres', { path: folder, say: (line) => said.push(line) });
    expect(found.source).toBe('package');
    expect(found.version).toMatch(/^18\./);
    expect(said).toEqual([expect.stringContaining('postgres is 14.1, wanted is 15 or newer')]);
  }, 60_000);

  it('refuses a Postgres of another major version than the data', async () => {
    binary('postgres', 'postgres (PostgreSQL) 17.1');
    const attempt = findServer('postgres', { path: folder, postgresMajor: 16 });
    await expect(attempt).rejects.toThrow(/postgres 16 was found nowhere:[^]*postgres is 17\.1, wanted is 16/);
  }, 60_000);
});
