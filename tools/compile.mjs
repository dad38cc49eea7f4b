// Compiles packages with SWC: `node tools/compile.mjs libs/errors services/auth`. Types are checked apart, by `npm run types`.
import { transformFile } from '@swc/core';
import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, extname, join, relative } from 'node:path';

const options = {
  swcrc: false,
  sourceMaps: true,
  module: { type: 'es6' },
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
};

const isTest = (path) => /\.(spec|test)\.ts$/.test(path) || path.endsWith('.d.ts');

/** Compiles `<pkg>/src` into `<pkg>/dist` and `<pkg>/migrations` into `<pkg>/dist/migrations`; other files are copied. */
async function compile(pkg) {
  await rm(join(pkg, 'dist'), { recursive: true, force: true });
  for (const [from, to] of [
    ['src', 'dist'],
    ['migrations', 'dist/migrations'],
  ]) {
    const source = join(pkg, from);
    const entries = await readdir(source, { recursive: true, withFileTypes: true }).catch(() => []);
    await Promise.all(
      entries
        .filter((entry) => entry.isFile())
        .map(async (entry) => {
          const path = join(entry.parentPath, entry.name);
          if (isTest(path)) return;
          const target = join(pkg, to, relative(source, path));
          await mkdir(dirname(target), { recursive: true });
          if (extname(path) !== '.ts') return cp(path, target);
          const { code, map } = await transformFile(path, options);
          const out = target.replace(/\.ts$/, '.js');
          const name = out.slice(out.lastIndexOf('/') + 1);
          await writeFile(out, `${code}//# sourceMappingURL=${name}.map\n`);
          await writeFile(`${out}.map`, map);
        }),
    );
  }
}

await Promise.all(process.argv.slice(2).map(compile));
