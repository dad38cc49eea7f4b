import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabasesGone, rememberDatabases, requireDatabases } from '../src/product/databases.js';

describe('databases that were there', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'conclave-databases-'));
    for (const name of ['state', 'postgres']) mkdirSync(join(folder, name));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const postgres = (): string => join(folder, 'postgres');

  it('are not asked for before the first run, and are fine where they are', async () => {
    await requireDatabases(folder, postgres());
    await rememberDatabases(folder, postgres());
    writeFileSync(join(postgres(), 'PG_VERSION'), '18\n');
    await requireDatabases(folder, postgres());
  });

  it('are not replaced by empty ones when they are gone', async () => {
    await rememberDatabases(folder, postgres());
    const attempt = requireDatabases(folder, postgres());
    await expect(attempt).rejects.toThrow(DatabasesGone);
    await expect(attempt).rejects.toThrow(/Put \S+postgres back from a copy, or begin anew .* --reset/);
  });

  it('are told where they lay when the checkout was moved', async () => {
    await rememberDatabases(folder, '/before/postgres');
    await expect(requireDatabases(folder, postgres())).rejects.toThrow(/they lay in \/before\/postgres/);
  });
});
