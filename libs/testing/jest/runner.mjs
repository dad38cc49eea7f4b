// Jest's own runner of spec files, over modules that Node loads, once per worker: see docs/adr/0009.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import circus from 'jest-circus/runner';
import '../run-sources.mjs';

const require = createRequire(import.meta.url);
const runWithCircus = circus.default ?? circus;
let files = 0;

export default function runFile(globalConfig, config, environment, runtime, testPath, ...rest) {
  const mark = `?file=${++files}`;
  const native = Object.assign(Object.create(runtime), {
    requireInternalModule(path) {
      // Circus keeps its state in the module: fresh for each file.
      delete require.cache[path];
      return require(path);
    },
    unstable_shouldLoadAsEsm: () => true,
    unstable_importModule: (path) => import(pathToFileURL(path).href + mark),
    setGlobalsForRuntime(globals) {
      globalThis.__jestGlobals = { ...globals, mock: environment.moduleMocker };
    },
  });
  // Node maps positions to our sources itself.
  Error.prepareStackTrace = undefined;
  process.setSourceMapsEnabled(true);
  return runWithCircus(globalConfig, config, environment, native, testPath, ...rest);
}
