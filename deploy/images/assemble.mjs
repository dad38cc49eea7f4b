// Run inside the build: `node assemble.mjs SOURCE IMAGE OUT`. Lays out OUT/packages, from which npm installs what the
// image needs and nothing else, and OUT/app, our compiled code.
import { cp, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { closureOf, manifestOf, projectOf, workspacesOf } from './closure.mjs';
import { images } from './services.mjs';

const [source, name, out] = process.argv.slice(2);
const image = images[name];
if (!image) throw new Error(`SERVICE is one of ${Object.keys(images).join(', ')}, not "${name}"`);

const json = async (path) => JSON.parse(await readFile(join(source, path), 'utf8'));
const write = async (path, value) => {
  const target = join(out, path);
  await mkdir(join(target, '..'), { recursive: true });
  await writeFile(target, typeof value === 'string' ? value : `${JSON.stringify(value, null, 2)}\n`);
};

/** Copies what was built before the image is; without it an image would start and find nothing. */
async function built(from, to) {
  const there = await stat(join(source, from)).catch(() => undefined);
  if (!there) throw new Error(`${from} is not built: node deploy/images/build.mjs builds it and then the image`);
  await cp(join(source, from), join(out, to), { recursive: true });
}

const lock = await json('package-lock.json');
const closure = closureOf(lock, image.folder);
const project = projectOf(await json('package.json'), lock, closure);
await write('packages/package.json', project.manifest);
await write('packages/package-lock.json', project.lock);
const { allowed } = await json('deploy/images/install-scripts.json');
const installed = new Set([...closure.keys()].map((path) => path.slice(path.lastIndexOf('node_modules/') + 13)));
await write('packages/install-scripts.txt', allowed.filter((each) => installed.has(each)).join('\n'));
for (const folder of workspacesOf(closure)) {
  await write(`packages/${folder}/package.json`, manifestOf(await json(`${folder}/package.json`)));
  await built(`${folder}/dist`, `app/${folder}/dist`);
}
if (image.web) await built('web/dist/browser', 'app/web');
