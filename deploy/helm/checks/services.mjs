// What each service reads from its environment: its own schema, and what the product gives it elsewhere.
import { join } from 'node:path';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

const load = (path) => import(pathToFileURL(join(root, path)).href);

const names = ['auth', 'rooms', 'files', 'gateway'];

/** Facts that only shape values; keys are what counts here. */
const facts = {
  ports: new Proxy({}, { get: () => 1 }),
  secretFile: (name) => `/secrets/${name}`,
  publicUrl: 'https://meet.example.org',
  publicHost: '0.0.0.0',
  publicPort: 8080,
  webRoot: '/app/web',
};

/** For each service: the keys its schema knows, the keys the product sets elsewhere, and a reader of one key. */
export async function serviceSchemas() {
  const { serviceEnvironment } = await load('libs/servers/dist/index.js');
  const found = {};
  for (const name of names) {
    const module = await load(`services/${name}/dist/config.js`);
    const schema = module.configSchema ?? module[`${name}ConfigSchema`];
    if (!schema?.shape) throw new Error(`services/${name}/src/config.ts exports no schema`);
    found[name] = {
      known: Object.keys(schema.shape),
      local: Object.keys(serviceEnvironment(name, facts)),
      accepts: (key, value) => {
        const result = schema.shape[key].safeParse(value);
        return result.success ? undefined : result.error.issues[0].message;
      },
    };
  }
  return found;
}
