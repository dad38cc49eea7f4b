// Run inside the build, on the base's own Node:
//   node assemble.mjs manifests SOURCE OUT          a project of everything that any of the images needs, for `npm ci`
//   node assemble.mjs image SOURCE INSTALLED OUT NAME NATIVE   the part of it that one image needs, and our compiled code
import { cp, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { closureOf, manifestOf, nameOf, projectOf, unjudgedScripts, workspacesOf } from './closure.mjs';
import { images } from './services.mjs';

const json = async (path) => JSON.parse(await readFile(path, 'utf8'));
const isThere = (path) => stat(path).then(Boolean, () => false);

async function write(path, value) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, typeof value === 'string' ? value : `${JSON.stringify(value, null, 2)}\n`);
}

async function copy(from, to, options = {}) {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to, { recursive: true, verbatimSymlinks: true, ...options });
}

/** Manifests of our packages, without what is only needed to work on them. */
async function writeManifests(source, closure, out) {
  for (const folder of workspacesOf(closure)) {
    await write(join(out, folder, 'package.json'), manifestOf(await json(join(source, folder, 'package.json'))));
  }
}

/** One project for all images, so that packages are fetched once; the images take their parts of it. */
async function manifests(source, out) {
  const lock = await json(join(source, 'package-lock.json'));
  const closure = closureOf(lock, ...Object.values(images).map((image) => image.folder));
  const project = projectOf(await json(join(source, 'package.json')), lock, closure);
  await write(join(out, 'package.json'), project.manifest);
  await write(join(out, 'package-lock.json'), project.lock);
  await writeManifests(source, closure, out);
  const { allowed, refused } = await json(join(source, 'deploy/images/install-scripts.json'));
  const unjudged = unjudgedScripts(closure, { allowed, refused });
  if (unjudged.length > 0) {
    throw new Error(
      `${unjudged.join(', ')}: brings an install script that nobody has judged; see install-scripts.json`,
    );
  }
  const installed = new Set([...closure.keys()].map(nameOf));
  await write(join(out, 'install-scripts.txt'), allowed.filter((each) => installed.has(each)).join('\n'));
}

/** Copies what was built before the image is; without it an image would start and find nothing. */
async function built(from, to) {
  if (!(await isThere(from))) {
    throw new Error(`${from} is not built: node deploy/images/build.mjs builds it and then the image`);
  }
  await copy(from, to);
}

/** Takes what the lockfile says that the image needs out of what npm installed for all of them. */
async function image(source, installed, out, name, nativeModules) {
  const { folder, web, native } = images[name] ?? {};
  if (!folder) throw new Error(`SERVICE is one of ${Object.keys(images).join(', ')}, not "${name}"`);
  const lock = await json(join(source, 'package-lock.json'));
  const closure = closureOf(lock, folder);
  const project = projectOf(await json(join(source, 'package.json')), lock, closure);
  await write(join(out, 'packages/package.json'), project.manifest);
  await writeManifests(source, closure, join(out, 'packages'));
  const inside = {};
  for (const [path, entry] of closure) {
    // Packages for other systems are in the lockfile, and npm has not installed them.
    if (!path.includes('node_modules/') || !(await isThere(join(installed, path)))) continue;
    inside[path] = entry;
    // Folders inside a package that hold other packages come by their own entries.
    const own = (from) => !from.slice(join(installed, path).length).includes('/node_modules');
    await copy(join(installed, path), join(out, 'packages', path), entry.link ? {} : { filter: own });
  }
  // As npm leaves it: what is installed, for programs that look for known weaknesses.
  await write(join(out, 'packages/node_modules/.package-lock.json'), { ...project.lock, packages: inside });
  for (const each of workspacesOf(closure)) await built(join(source, each, 'dist'), join(out, 'app', each, 'dist'));
  if (native && (await isThere(nativeModules))) await copy(nativeModules, join(out, 'app/native'));
  if (web) await built(join(source, 'web/dist/browser'), join(out, 'app/web'));
}

const [what, ...rest] = process.argv.slice(2);
await { manifests, image }[what](...rest);
