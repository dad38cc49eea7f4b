// Builds the images: `node deploy/images/build.mjs [NAME…]`, all without a name. Writes a CycloneDX bill of materials
// of each and their sizes into dist/images. Options, all of them with a value:
//   --base IMAGE    what the images stand on          --source URL    for the label of that name
//   --tag TAG       instead of the version            --save FOLDER   also writes NAME.tar there
//   --out FOLDER    instead of dist/images            --built yes     packages and web app are built already
//   --rust IMAGE    what the native engine is built in; one without cargo makes none
import { mkdir, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { closureOf, nameOf, workspacesOf } from './closure.mjs';
import { run } from './run.mjs';
import { sbomOf, writeSbom } from './sbom.mjs';
import { images } from './services.mjs';

const source = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const json = (path) => JSON.parse(readFileSync(join(source, path), 'utf8'));
const docker = (args, options) => run('docker', args, { cwd: source, ...options });
const defaultBase = 'node:24-trixie-slim';
const defaultRust = 'rust:1.95-slim-trixie';

/** Compiles what the images hold; packages that did not change come from the cache of the build. */
async function compile(names) {
  const lock = json('package-lock.json');
  const folders = new Set(names.flatMap((name) => workspacesOf(closureOf(lock, images[name].folder))));
  const projects = [...folders].map((folder) => lock.packages[folder].name);
  if (names.some((name) => images[name].web)) projects.push('web');
  await run('npx', ['nx', 'run-many', '-t', 'build', '-p', projects.join(','), '--outputStyle=static'], {
    cwd: source,
    env: { NX_DAEMON: 'false' },
  });
}

const inspect = async (image, format) => docker(['image', 'inspect', '--format', format, image]);
const sizeOf = async (image) => Number(await inspect(image, '{{.Size}}'));

/** The revision that is built, marked where the tree differs from it. */
async function revisionOf() {
  try {
    const changed = await run('git', ['status', '--porcelain', '--untracked-files=no'], { cwd: source });
    return `${await run('git', ['rev-parse', 'HEAD'], { cwd: source })}${changed ? '-dirty' : ''}`;
  } catch {
    // A tarball of the sources has no history.
    return 'unknown';
  }
}

const sourceUrl = () => run('git', ['remote', 'get-url', 'origin'], { cwd: source }).catch(() => 'unknown');

/** A base of the lab holds what the machine trusts; what stands on it stays on the machine. */
const isStandIn = async (image) => (await inspect(image, '{{index .Config.Labels "conclave.stand-in"}}')) !== '';

/** Builds one image, writes its bill of materials and tells what it weighs. */
async function build(name, { base, rust, version, tag, revision, url, out, save }) {
  const image = images[name];
  const reference = `conclave/${name}:${tag}`;
  const parameters = {
    SERVICE: name,
    FOLDER: image.folder,
    TITLE: image.title,
    BASE: base,
    RUST: rust,
    VERSION: version,
    REVISION: revision,
    SOURCE: url,
  };
  const passed = Object.entries(parameters).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]);
  const began = Date.now();
  await docker(['build', '--file', 'deploy/images/Dockerfile', '--tag', reference, ...passed, '.']);
  const [os, cpu] = (await inspect(reference, '{{.Os}} {{.Architecture}}')).split(' ');
  const platform = { os, cpu: { amd64: 'x64' }[cpu] ?? cpu, libc: 'glibc' };
  await writeSbom(join(out, `${name}.cdx.json`), await sbomOf({ source, image, reference, version, platform }));
  if (save) {
    await mkdir(save, { recursive: true });
    await docker(['save', '--output', join(save, `${name}.tar`), reference]);
  }
  const bytes = await sizeOf(reference);
  const aboveBase = bytes - (await sizeOf(base));
  console.log(
    `${reference.padEnd(26)} ${(aboveBase / 1e6).toFixed(1).padStart(6)} MB above the base, ${(bytes / 1e6).toFixed(0)} MB in all, ${((Date.now() - began) / 1000).toFixed(0)} s`,
  );
  const bundled = image.web
    ? [...closureOf(json('package-lock.json'), 'web')].map(([path, entry]) => `${nameOf(path)}@${entry.version}`)
    : [];
  const id = await inspect(reference, '{{.Id}}');
  // `bundled` is in the web app's own files and nowhere to be seen as a package.
  return { reference, id, bytes, aboveBase, base, folder: image.folder, bundled };
}

const text = { type: 'string' };
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { base: text, rust: text, tag: text, source: text, out: text, save: text, built: text },
});
const names = positionals.length > 0 ? positionals : Object.keys(images);
const unknown = names.filter((name) => !(name in images));
if (unknown.length > 0) {
  console.error(`No such image: ${unknown.join(', ')}. Images: ${Object.keys(images).join(', ')}`);
  process.exit(2);
}

const { version } = json('package.json');
const out = values.out ?? join(source, 'dist/images');
const facts = {
  base: values.base ?? defaultBase,
  rust: values.rust ?? defaultRust,
  version,
  tag: values.tag ?? version,
  revision: await revisionOf(),
  url: values.source ?? (await sourceUrl()),
  out,
  save: values.save,
};
try {
  if (values.built !== 'yes') await compile(names);
  await mkdir(out, { recursive: true });
  const sizes = {};
  for (const name of names) sizes[name] = await build(name, facts);
  if (await isStandIn(facts.base))
    console.log(`${facts.base} is a stand-in: these images are for the lab, not to be shipped`);
  await writeFile(join(out, 'images.json'), `${JSON.stringify(sizes, null, 2)}\n`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
