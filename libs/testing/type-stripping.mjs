// Jest loads its global setup outside its own transformer. Node strips the types itself; these hooks resolve our
// imports the way Jest and tsc do: packages by their source, and `./x.js` to `./x.ts`.
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

registerHooks({
  resolve(specifier, context, next) {
    const parent = context.parentURL ?? '';
    if (specifier.startsWith('.') && specifier.endsWith('.js') && parent.endsWith('.ts')) {
      const source = new URL(specifier.replace(/\.js$/, '.ts'), parent);
      if (existsSync(fileURLToPath(source))) return next(source.href, context);
    }
    if (!specifier.startsWith('@conclave/')) return next(specifier, context);
    return next(specifier, { ...context, conditions: ['@conclave/source', ...(context.conditions ?? [])] });
  },
});
