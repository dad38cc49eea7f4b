// The bill of materials of an image: what npm makes of the image's own lockfile, less what is for other platforms.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { closureOf, nameOf, projectOf } from './closure.mjs';
import { run } from './run.mjs';

/** A package that only other systems install is in the lockfile and never in the image. */
function fits(entry, { os, cpu, libc }) {
  const allows = (list, value) =>
    !list || ((list.includes(value) || list.every((each) => each.startsWith('!'))) && !list.includes(`!${value}`));
  return allows(entry.os, os) && allows(entry.cpu, cpu) && allows(entry.libc, libc);
}

/** Runs `npm sbom` over a project that consists of the closure of one workspace. */
async function npmSbom(root, lock, closure) {
  const project = projectOf(root, lock, closure);
  const folder = await mkdtemp(join(tmpdir(), 'conclave-sbom-'));
  try {
    await writeFile(join(folder, 'package.json'), JSON.stringify(project.manifest));
    await writeFile(join(folder, 'package-lock.json'), JSON.stringify(project.lock));
    return JSON.parse(await run('npm', ['sbom', '--sbom-format=cyclonedx', '--package-lock-only'], { cwd: folder }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Keeps the first component of each reference: two parts of one image may share packages. */
const unique = (list, key) => [...new Map(list.map((each) => [each[key], each])).values()];

/**
 * The CycloneDX document of an image. `image.web` adds what is bundled into the web app. The operating system's packages are those of the base image, which brings its own.
 */
export async function sbomOf({ source, image, reference, version, platform }) {
  const json = async (path) => JSON.parse(await readFile(join(source, path), 'utf8'));
  const [root, lock] = [await json('package.json'), await json('package-lock.json')];
  const parts = [];
  for (const folder of [image.folder, ...(image.web ? ['web'] : [])]) {
    const closure = closureOf(lock, folder);
    const foreign = new Set(
      [...closure]
        .filter(([, entry]) => !fits(entry, platform))
        .map(([path, entry]) => `${nameOf(path)}@${entry.version}`),
    );
    const bom = await npmSbom(root, lock, closure);
    const keep = (ref) => !foreign.has(ref);
    parts.push({
      components: bom.components.filter((each) => keep(each['bom-ref'])),
      dependencies: bom.dependencies
        .filter((each) => keep(each.ref))
        .map((each) => ({ ...each, dependsOn: (each.dependsOn ?? []).filter(keep) })),
      frame: bom,
    });
  }
  const { frame } = parts[0];
  const ref = frame.metadata.component['bom-ref'];
  const components = unique(
    parts.flatMap((part) => part.components),
    'bom-ref',
  );
  const dependencies = unique(
    parts.flatMap((part) => part.dependencies),
    'ref',
  ).map((each) => (each.ref === ref ? { ref: reference, dependsOn: components.map((one) => one['bom-ref']) } : each));
  return {
    ...frame,
    metadata: {
      ...frame.metadata,
      lifecycles: [{ phase: 'build' }],
      component: {
        'bom-ref': reference,
        type: 'container',
        name: reference.slice(0, reference.lastIndexOf(':')),
        version,
        licenses: [{ license: { id: 'Apache-2.0' } }],
      },
    },
    components,
    dependencies,
  };
}

/** Writes the document where it is kept. */
export async function writeSbom(file, document) {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(document, null, 2)}\n`);
}
