// The images that the chart's evaluation profile asks for, by exactly those names: ours are built from this tree, the
// servers' are stand-ins made of the same programs that `npm start` runs (Postgres and Redis: Debian's). Nothing is pulled.
// Each is built once; all go into one archive for containerd.
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { engineDown, engineUp } from '../engine/engine.mjs';
import { labCache } from '../go/cache.mjs';

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(dirname(here)));
const standIns = join(here, 'stand-ins');

const docker = async (...args) => (await run('docker', args, { maxBuffer: 64 << 20 })).stdout.trim();

const idOf = (reference) => docker('image', 'inspect', '--format', '{{.Id}}', reference).catch(() => undefined);

/** A FROM scratch image of static programs: `files` by their path in the image. */
async function staticImage(reference, files, lines) {
  const context = mkdtempSync(join(tmpdir(), 'conclave-lab-image-'));
  try {
    for (const [name, from] of Object.entries(files)) copyFileSync(from, join(context, name));
    mkdirSync(join(context, 'tmp'), { mode: 0o1777 });
    writeFileSync(join(context, 'tmp/.keep'), '');
    const copies = Object.keys(files).map((name) => `COPY ${name} /usr/bin/${name}`);
    writeFileSync(join(context, 'Dockerfile'), ['FROM scratch', 'COPY tmp /tmp', ...copies, ...lines, ''].join('\n'));
    await docker('build', '--quiet', '--tag', reference, context);
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
}

/** The newest build of a server that `npm start` keeps in the user's cache. */
function serverBinary(name) {
  const folder = join(dirname(labCache()), 'servers');
  const found = (existsSync(folder) ? readdirSync(folder) : [])
    .filter((each) => each.startsWith(`${name}-`))
    .map((each) => join(folder, each, name))
    .filter((path) => existsSync(path))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  if (!found[0]) throw new Error(`There is no ${name} in ${folder}: \`npm start\` builds it once.`);
  return found[0];
}

async function pauseProgram() {
  const path = join(labCache(), 'pause');
  if (!existsSync(path)) {
    await run('go', ['build', '-ldflags=-s -w', '-o', path, './main.go'], {
      cwd: join(standIns, 'pause'),
      env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false', GOTOOLCHAIN: 'local' },
    });
  }
  return path;
}

/** How each stand-in is made, by the name without the tag. */
const makers = {
  'localhost/pause': async (reference) =>
    staticImage(reference, { pause: await pauseProgram() }, ['USER 65535:65535', 'ENTRYPOINT ["/usr/bin/pause"]']),
  'localhost/coredns': (reference, { coredns }) =>
    staticImage(reference, { coredns }, ['USER 65532:65532', 'ENTRYPOINT ["/usr/bin/coredns"]']),
  nats: (reference) =>
    staticImage(reference, { 'nats-server': serverBinary('nats-server') }, ['ENTRYPOINT ["/usr/bin/nats-server"]']),
  'livekit/livekit-server': (reference) =>
    staticImage(reference, { 'livekit-server': serverBinary('livekit-server') }, [
      'ENTRYPOINT ["/usr/bin/livekit-server"]',
    ]),
  'minio/minio': (reference) =>
    staticImage(reference, { minio: serverBinary('minio') }, ['ENTRYPOINT ["/usr/bin/minio"]']),
  postgres: (reference) => docker('build', '--quiet', '--tag', reference, join(standIns, 'postgres')),
  redis: (reference) => docker('build', '--quiet', '--tag', reference, join(standIns, 'redis')),
};

/** No image with cargo can be fetched here: files runs without its native engine, and says so. */
function buildOurs(names, say) {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [join(root, 'deploy/images/build.mjs'), '--rust', 'node:24-trixie-slim', ...names],
      {
        cwd: root,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    child.stdout.on('data', (chunk) => chunk.toString().split('\n').filter(Boolean).forEach(say));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`deploy/images/build.mjs ended with ${code}`)),
    );
  });
}

async function makeMissing({ references, bin, keepOurs, host, say }) {
  if (!(await idOf('node:24-trixie-slim')) || !(await idOf('debian:trixie-slim'))) {
    const { obtainImages } = await import('../engine/images.mjs');
    await obtainImages(host, say);
  }
  for (const reference of references.filter((each) => !each.startsWith('conclave/'))) {
    const name = reference.slice(0, reference.lastIndexOf(':'));
    if (!makers[name]) throw new Error(`The chart asks for ${reference}, and the lab has nothing to stand in for it`);
    if (await idOf(reference)) continue;
    say(`building a stand-in for ${reference}`);
    await makers[name](reference, bin);
  }
  const wanted = [];
  for (const each of references.filter((reference) => reference.startsWith('conclave/')))
    if (!keepOurs || !(await idOf(each))) wanted.push(each.slice('conclave/'.length).split(':')[0]);
  if (wanted.length > 0) await buildOurs(wanted, say);
}

/** All images in one file, which is written again only when one of them is another. */
async function archiveOf(references, say) {
  const ids = await Promise.all(references.map(idOf));
  const hash = createHash('sha256')
    .update(JSON.stringify([references, ids]))
    .digest('hex')
    .slice(0, 12);
  const folder = join(labCache(), 'node-images');
  const archive = join(folder, `${hash}.tar`);
  if (existsSync(archive)) return archive;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  say('writing the images into one archive');
  await docker('save', '--output', `${archive}.part`, ...references);
  // In one step, so that nobody ever imports half of it.
  renameSync(`${archive}.part`, archive);
  return archive;
}

/**
 * Makes what is missing of `references` and answers the archive that holds all of them. With `keepOurs` images of the product
 * that are there already are taken as they are.
 */
export async function imageArchive({ references, bin, keepOurs = false, say = () => undefined }) {
  // The machine's own engine, or the labs' private one; everything here speaks to it by this variable.
  const { host, started } = await engineUp(say);
  if (host) process.env.DOCKER_HOST = host;
  try {
    await makeMissing({ references, bin, keepOurs, host, say });
    return await archiveOf(references, say);
  } finally {
    if (started) await engineDown();
  }
}
