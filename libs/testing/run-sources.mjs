// `node --import` this, and Node runs our sources as they are: packages by their source, `./x.js` from `./x.ts`, compiled
// by SWC. Jest's runner uses it, and so do specs that need a process of their own, because it is about to be killed.
import { transformSync } from '@swc/core';
import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const parser = { syntax: 'typescript', decorators: true };
const transform = { legacyDecorator: true, decoratorMetadata: true };
const options = {
  swcrc: false,
  sourceMaps: 'inline',
  module: { type: 'es6' },
  jsc: { target: 'es2023', parser, transform },
};
const globals = new URL('./jest/globals.mjs', import.meta.url).href;

/** The mark of a spec file's own modules, `?file=7`, and the address without it. */
const markOf = (url) => /\?file=\d+$/.exec(url)?.[0] ?? '';
const withoutMark = (url) => url.slice(0, url.length - markOf(url).length);

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
    const filename = fileURLToPath(file);
    const { code } = transformSync(readFileSync(filename, 'utf8'), { ...options, filename });
    return { format: 'module', source: code, shortCircuit: true };
  },
});
