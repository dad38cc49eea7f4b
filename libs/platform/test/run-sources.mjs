// `node --import` this, and Node runs our sources as Jest does: packages by their source, `./x.js` from `./x.ts`,
// compiled by SWC. For specs that need a process of their own, because it is about to be killed.
import { transformSync } from '@swc/core';
import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const parser = { syntax: 'typescript', decorators: true };
const transform = { legacyDecorator: true, decoratorMetadata: true };

registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.endsWith('.ts')) {
      const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
      if (existsSync(fileURLToPath(source))) return next(source.href, context);
    }
    if (!specifier.startsWith('@conclave/')) return next(specifier, context);
    return next(specifier, { ...context, conditions: ['@conclave/source', ...(context.conditions ?? [])] });
  },
  load(url, context, next) {
    if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
    const options = { swcrc: false, module: { type: 'es6' }, jsc: { target: 'es2023', parser, transform } };
    const { code } = transformSync(readFileSync(fileURLToPath(url), 'utf8'), options);
    return { format: 'module', source: code, shortCircuit: true };
  },
});
