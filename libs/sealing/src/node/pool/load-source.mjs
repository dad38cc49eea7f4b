/**
 * Starts the worker from its TypeScript source, for tests and tools that run without a build: Node strips the types,
 * this hook finds `./x.ts` where the code says `./x.js`. From dist the pool starts worker.js and this file is not used.
 */
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, next) {
    const inSource = specifier.startsWith('.') && context.parentURL?.endsWith('.ts');
    return next(inSource ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
});

await import('./worker.ts');
