// The images that compose, the tests and our own images stand on: pulled where a registry answers, else stand-ins of the
// same names, built from Debian's packages and from the servers that `npm start` uses.
import { createHash } from 'node:crypto';
import {
  cpSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findServer, imageOf, pins } from '@conclave/servers';
import { docker, tryDocker } from './docker.mjs';
import { need } from '../need.mjs';
import { engineFolder, NoEngine } from './engine.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../..');
const label = 'conclave.stand-in';
const suite = 'trixie';
/** Postgres that Debian has in that suite. */
const debianPostgres = '17';

/** What our own images stand on, as deploy/images/Dockerfile names it. */
export const nodeImage = 'node:24-trixie-slim';
export const debianImage = `debian:${suite}-slim`;

async function hashFile(path) {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

/** A context laid out by `lay`, built under the image's name. */
async function buildIn(host, image, folder, parameters, recipe, lay = () => {}) {
  const context = mkdtempSync(join(engineFolder, 'context-'));
  try {
    cpSync(join(here, 'images', folder), context, { recursive: true });
    lay(context);
    const given = Object.entries(parameters).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]);
    await docker(['build', '--quiet', '--label', `${label}=${recipe}`, '--tag', image, ...given, context], {
      host,
      env: { DOCKER_BUILDKIT: '0' },
    });
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
}

const recipeOf = (folder) => {
  const hash = createHash('sha256');
  for (const file of readdirSync(join(here, 'images', folder)).sort()) {
    hash.update(readFileSync(join(here, 'images', folder, file)));
  }
  return hash.digest('hex').slice(0, 12);
};

const isThere = async (host, image) => (await tryDocker(['image', 'inspect', image], { host })).code === 0;

/** Debian's smallest system, for the stand-ins that need one. */
export async function debian(host) {
  if (await isThere(host, debianImage)) return;
  const tar = join(engineFolder, `${suite}.tar`);
  if (!existsSync(tar)) {
    need('mmdebstrap', ['--variant=minbase', '--quiet', suite, `${tar}.part`, '--format=tar']);
    need('mv', [`${tar}.part`, tar]);
  }
  await docker(['import', '--change', `LABEL ${label}=${suite}`, '--change', 'CMD ["bash"]', tar, debianImage], {
    host,
  });
}

/** Node as the project's packages pin it. */
async function node(host, image, recipe) {
  await debian(host);
  const bundled = join(root, `node_modules/node-linux-${process.arch}/bin/node`);
  await buildIn(host, image, 'node', { BASE: debianImage }, recipe, (context) => {
    need('strip', ['-o', join(context, 'node'), existsSync(bundled) ? bundled : process.execPath]);
    // Here and not in the image, where it would be a second copy.
    need('chmod', ['0755', join(context, 'node')]);
    need('npm', ['pack', '--silent', 'npm@11'], { cwd: context });
    const archive = readdirSync(context).find((each) => /^npm-.*\.tgz$/.test(each));
    need('tar', ['xzf', archive, '--transform', 's,^package,npm,'], { cwd: context });
    rmSync(join(context, archive));
    cpSync(
      process.env.NODE_EXTRA_CA_CERTS || '/etc/ssl/certs/ca-certificates.crt',
      join(context, 'ca-certificates.crt'),
    );
  });
}

async function postgres(host, image, recipe) {
  await debian(host);
  await buildIn(host, image, 'postgres', { BASE: debianImage, MAJOR: debianPostgres }, recipe);
}

/** A server as `npm start` finds or builds it. */
const server = (name, folder) => async (host, image, recipe) => {
  const found = await findServer(name);
  if (found.source === 'engine') throw new NoEngine(`${image} can be neither pulled nor built`);
  await buildIn(host, image, folder, {}, recipe, (context) => {
    cpSync(found.path, join(context, 'server'));
    mkdirSync(join(context, 'tmp'));
    // A folder without a file is not copied; everybody writes into /tmp.
    writeFileSync(join(context, 'tmp/.keep'), '');
    need('chmod', ['1777', join(context, 'tmp')]);
  });
};

const standIns = [
  { image: nodeImage, make: node, recipe: async () => recipeOf('node') },
  { image: imageOf(pins.postgres), make: postgres, recipe: async () => recipeOf('postgres') },
  ...[
    ['nats-server', 'nats'],
    ['livekit-server', 'livekit'],
    ['minio', 'minio'],
  ].map(([name, folder]) => ({
    image: imageOf(pins[name]),
    make: server(name, folder),
    recipe: async () => `${recipeOf(folder)}-${(await hashFile((await findServer(name)).path)).slice(0, 12)}`,
  })),
];

/** What a registry that is not there is told by, other than one that has no such image. */
const unreachable = /no such host|connection refused|timeout|network is unreachable|i\/o|stopped after|certificate/i;

/** Makes sure of every image; tells which are stand-ins. */
export async function obtainImages(host, say) {
  const made = [];
  let registry = true;
  for (const { image, make, recipe } of standIns) {
    const there = await tryDocker(['image', 'inspect', '--format', `{{index .Config.Labels "${label}"}}`, image], {
      host,
    });
    if (there.code === 0 && there.out === '') continue;
    const wanted = await recipe();
    if (there.code !== 0 || there.out !== wanted) {
      if (registry) {
        const pull = await tryDocker(['pull', '--quiet', image], { host, seconds: 300 });
        if (pull.code === 0) continue;
        // The others would each wait for the same answer.
        registry = !unreachable.test(pull.err);
      }
      const began = Date.now();
      await make(host, image, wanted);
      say(`${image} built as a stand-in in ${((Date.now() - began) / 1000).toFixed(1)} s`);
    }
    made.push(image);
  }
  return made;
}
