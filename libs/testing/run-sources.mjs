// `node --import` this, and Node runs our sources as they are: packages by their source, `./x.js` from `./x.ts`, compiled
// by SWC. Jest's runner uses it, and so do specs that need a process of their own, because it is about to be killed. What was compiled
// once is kept beside the packages: specs start about a hundred processes, and each would compile the same files.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire, enableCompileCache, registerHooks } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
// SWC unpacks itself below the home of its user; without one it does so in /tmp, where processes that begin together trip over each other.
process.env.HOME ??= homedir();
const kept = fileURLToPath(new URL('../../node_modules/.cache/conclave-sources', import.meta.url));
mkdirSync(kept, { recursive: true });
enableCompileCache(join(kept, 'node'));

const parser = { syntax: 'typescript', decorators: true };
const transform = { legacyDecorator: true, decoratorMetadata: true };
const options = {
  swcrc: false,
  sourceMaps: 'inline',
  module: { type: 'es6' },
  jsc: { target: 'es2023', parser, transform },
};
const compiler = JSON.stringify([require('@swc/core/package.json').version, options]);
const globals = new URL('./jest/globals.mjs', import.meta.url).href;

/** The mark of a spec file's own modules, `?file=7`, and the address without it. */
const markOf = (url) => /\?file=\d+$/.exec(url)?.[0] ?? '';
const withoutMark = (url) => url.slice(0, url.length - markOf(url).length);

/** A source as JavaScript; what is kept is named by everything that it was made from. */
function compiled(filename) {
  const source = readFileSync(filename, 'utf8');
  const name = createHash('sha256').update([compiler, filename, source].join('\0')).digest('hex');
  const path = join(kept, `${name}.js`);
  if (existsSync(path)) return readFileSync(path, 'utf8');
  const { code } = require('@swc/core').transformSync(source, { ...options, filename });
  // Whole or not at all: others start at the same moment.
  const half = `${path}.${process.pid}`;
  writeFileSync(half, code);
  renameSync(half, path);
  return code;
}

registerHooks({
  resolve(specifier, context, next) {
    const parent = context.parentURL ?? '';
    const mark = markOf(parent);
    if (mark && specifier === '@jest/globals') return { url: globals + mark, format: 'module', shortCircuit: true };
    if (specifier.startsWith('.') && specifier.endsWith('.js') && withoutMark(parent).endsWith('.ts')) {
      const source = new URL(specifier.replace(/\.js$/, '.ts'), withoutMark(parent));
      // What lies in test/ may declare hooks, so each spec file gets its own; everything else is loaded once.
      const own = source.pathname.includes('/test/') ? mark : '';
      if (existsSync(fileURLToPath(source))) return next(source.href + own, context);
    }
    if (!specifier.startsWith('@conclave/')) return next(specifier, context);
    return next(specifier, { ...context, conditions: ['@conclave/source', ...(context.conditions ?? [])] });
  },
  load(url, context, next) {
    const file = withoutMark(url);
    if (!file.startsWith('file:') || !file.endsWith('.ts')) return next(url, context);
    return { format: 'module', source: compiled(fileURLToPath(file)), shortCircuit: true };
  },
});
