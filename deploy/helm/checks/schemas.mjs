// Strict schemas of every Kubernetes version the chart supports, and of the CRDs it has objects for, for kubeconform.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { labCache, withLock } from '../../../tools/lab/go/cache.mjs';

const run = promisify(execFile);
const requirements = join(dirname(fileURLToPath(import.meta.url)), 'requirements.txt');

/** Versions of Kubernetes that the chart is held against. */
export const kubernetesVersions = Array.from({ length: 8 }, (_, index) => `1.${30 + index}.0`);

/** What is made here changes with this file too. */
const self = () => readFileSync(fileURLToPath(import.meta.url));

async function python() {
  for (const name of ['python3', 'python']) {
    const found = await run(name, ['-m', 'pip', '--version']).then(
      () => name,
      () => undefined,
    );
    if (found) return found;
  }
  throw new Error('The schemas of Kubernetes come as a package of Python: install python3 and python3-pip.');
}

/** Makes a folder of the cache once; it appears in one step. */
async function once(key, make) {
  const target = join(labCache(), key);
  if (existsSync(target)) return target;
  return withLock(key, async () => {
    if (existsSync(target)) return target;
    const work = await mkdtemp(join(labCache(), `.${key}-`));
    try {
      await make(work);
      await rename(work, target);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
    return target;
  });
}

const definition = /^(?:.*_definitions\.json)?#\/\$defs\/(.+)$/;

/** A copy of a schema that refers to its own `definitions`; the names it refers to go into `used`. */
function rebased(schema, used) {
  if (Array.isArray(schema)) return schema.map((each) => rebased(each, used));
  if (schema === null || typeof schema !== 'object') return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => key !== 'description' && key !== '$id' && key !== '$schema')
      .map(([key, value]) => {
        const name = key === '$ref' && definition.exec(value)?.[1];
        if (!name) return [key, key === 'properties' ? rebasedProperties(value, used) : rebased(value, used)];
        used.add(name);
        return [key, `#/definitions/${name}`];
      }),
  );
}

/** Properties may be called like a keyword of schemas: a field named "description" is none. */
const rebasedProperties = (properties, used) =>
  Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, rebased(each, used)]));

/**
 * The package's schemas name the definitions they share by an address in the internet. Each becomes a file that holds all
 * it needs.
 */
async function standAlone(from, into) {
  await mkdir(into);
  const { $defs: all } = JSON.parse(await readFile(join(from, '_definitions.json'), 'utf8'));
  for (const file of (await readdir(from)).filter((name) => /^[a-z]+(-[a-z]+)?-v\d+\w*\.json$/.test(name))) {
    const whole = JSON.parse(await readFile(join(from, file), 'utf8'));
    if (!whole['x-kubernetes-group-version-kind']) continue;
    const used = new Set();
    const schema = rebased(whole, used);
    const definitions = {};
    for (const name of used) definitions[name] = rebased(all[name], used);
    await writeFile(join(into, file), JSON.stringify({ ...schema, definitions }));
  }
}

/** Folder with `v<version>/<kind>-<group>-<version>.json`. */
export function kubernetesSchemas(say = () => undefined) {
  const hash = createHash('sha256').update(readFileSync(requirements)).update(self()).digest('hex').slice(0, 12);
  return once(`schemas-${hash}`, async (work) => {
    say('fetching the schemas of Kubernetes');
    const name = await python();
    await run(name, [
      '-m',
      'pip',
      'download',
      '--quiet',
      '--no-deps',
      '--require-hashes',
      '-r',
      requirements,
      '-d',
      work,
    ]);
    const wheel = (await readdir(work)).find((each) => each.endsWith('.whl'));
    await run(name, ['-m', 'zipfile', '-e', join(work, wheel), work]);
    const inside = join(work, 'kubernetes_validate/kubernetes-json-schema');
    for (const version of kubernetesVersions) {
      await standAlone(join(inside, `v${version}-local-strict`), join(work, `v${version}`));
    }
    for (const left of (await readdir(work)).filter((name) => !name.startsWith('v1.'))) {
      await rm(join(work, left), { recursive: true });
    }
  });
}

/** The schema of a CRD, with nothing allowed that it does not name. */
function strict(schema) {
  if (Array.isArray(schema)) return schema.map(strict);
  if (schema === null || typeof schema !== 'object') return schema;
  const copy = Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => !key.startsWith('x-kubernetes-'))
      .map(([key, value]) => [key, strict(value)]),
  );
  if (schema['x-kubernetes-int-or-string']) return { ...copy, type: ['string', 'integer'] };
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (copy.properties && copy.additionalProperties === undefined && !open) copy.additionalProperties = false;
  if (copy.nullable) copy.type = [copy.type, 'null'].flat();
  // The API server leaves texts like "date-time" and "int64" to the types; kubeconform would not know some of them.
  delete copy.format;
  return copy;
}

/** Folder with `<kind>-<group>-<version>.json` for the CRDs of a folder. */
export async function crdSchemas(crds) {
  const files = (await readdir(crds)).filter((name) => name.endsWith('.yaml'));
  const texts = await Promise.all(files.map((name) => readFile(join(crds, name), 'utf8')));
  const hash = createHash('sha256').update(texts.join('')).update(self()).digest('hex').slice(0, 12);
  return once(`crd-schemas-${hash}`, async (work) => {
    await mkdir(work, { recursive: true });
    for (const text of texts) {
      for (const document of parseAllDocuments(text)) {
        const crd = document.toJS();
        if (crd?.kind !== 'CustomResourceDefinition') continue;
        for (const { name, schema } of crd.spec.versions) {
          const root = strict(schema.openAPIV3Schema);
          root.properties = {
            ...root.properties,
            apiVersion: { const: `${crd.spec.group}/${name}` },
            kind: { const: crd.spec.names.kind },
            metadata: { type: 'object' },
          };
          const file = `${crd.spec.names.kind.toLowerCase()}-${crd.spec.group.split('.')[0]}-${name}.json`;
          await writeFile(join(work, file), JSON.stringify(root));
        }
      }
    }
  });
}
