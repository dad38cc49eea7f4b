import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findSealingModule } from '../src/index.js';

/** An empty cache, and a PATH with one `cargo` that does as it is told. */
async function machine(cargo?: string) {
  const folder = await mkdtemp(join(tmpdir(), 'conclave-cargo-'));
  if (cargo !== undefined) {
    await writeFile(join(folder, 'cargo'), `#!/bin/sh\n${cargo}\n`);
    await chmod(join(folder, 'cargo'), 0o755);
  }
  const before = process.env['XDG_CACHE_HOME'];
  process.env['XDG_CACHE_HOME'] = folder;
  const end = async () => {
    if (before === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = before;
    await rm(folder, { recursive: true, force: true });
  };
  const env = { ...process.env, SEALING_MODULE: '' };
  return { find: () => findSealingModule({ path: folder, env }), folder, end };
}

describe('the native module of sealing', () => {
  it('is the one that the environment names', async () => {
    expect(await findSealingModule({ env: { SEALING_MODULE: '/x/sealing.node' } })).toEqual({
      file: '/x/sealing.node',
      source: 'environment',
    });
  });

  it.each([
    ['there is no cargo', undefined, /no `cargo` on PATH/],
    ['cargo is too old', 'echo "cargo 1.88.0 (x)"', /is 1\.88, wanted is 1\.89 or later/],
    [
      'it does not build',
      'case "$1" in --version) echo "cargo 1.95.0";; *) echo "error: no linker" >&2; exit 101;; esac',
      /it could not be built: error: no linker/,
    ],
  ])('is left out, with the reason, where %s', async (_, cargo, reason) => {
    const { find, end } = await machine(cargo);
    try {
      expect(await find()).toMatchObject({ file: null, reason: expect.stringMatching(reason) });
    } finally {
      await end();
    }
  });

  it('is built once, and lies in the cache in one step', async () => {
    const build = [
      'case "$1" in',
      '  --version) echo "cargo 1.95.0";;',
      '  *) mkdir -p "$CARGO_TARGET_DIR/release"',
      '     for name in libsealing_native.so libsealing_native.dylib; do echo x >"$CARGO_TARGET_DIR/release/$name"; done;;',
      'esac',
    ].join('\n');
    const { find, folder, end } = await machine(build);
    try {
      const [one, two] = await Promise.all([find(), find()]);
      expect([one, two].map((found) => 'source' in found && found.source).sort()).toEqual(['built', 'cache']);
      expect(await find()).toMatchObject({ source: 'cache', file: one.file });
      const left = await readdir(join(folder, 'conclave', 'servers'));
      expect(left.filter((name) => !name.startsWith('sealing-native-1'))).toEqual([]);
    } finally {
      await end();
    }
  });
});
