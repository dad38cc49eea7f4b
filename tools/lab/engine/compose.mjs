// Docker Compose against the lab's engine: the one of this machine's docker command, else the same Debian's in a container.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { docker, tryDocker } from './docker.mjs';
import { debian, debianImage } from './images.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const image = 'conclave-lab/compose';

/** Builds the image that has Compose in it, once. */
async function composeImage(host) {
  if ((await tryDocker(['image', 'inspect', image], { host })).code === 0) return;
  await debian(host);
  const context = join(root, 'tools/lab/engine/images/compose');
  await docker(['build', '--quiet', '--tag', image, '--build-arg', `BASE=${debianImage}`, context], {
    host,
    env: { DOCKER_BUILDKIT: '0' },
  });
}

/** A function that runs `docker compose -f … ARGS` as one project, with these settings in its environment. */
export async function composeOf({ host, project, files, settings }) {
  const words = ['--project-name', project, '--project-directory', join(root, 'deploy/compose')];
  words.push(...files.flatMap((file) => ['--file', file]));
  if ((await tryDocker(['compose', 'version'], { host })).code === 0) {
    return (args, options) => tryDocker(['compose', ...words, ...args], { host, env: settings, ...options });
  }
  await composeImage(host);
  const socket = (host ?? 'unix:///var/run/docker.sock').replace('unix://', '');
  // Folders at the paths they have here: the engine resolves what the file mounts, not the container.
  const folders = new Set([root, ...files.map((file) => dirname(file))]);
  const mounts = [...folders].flatMap((folder) => ['--volume', `${folder}:${folder}:ro`]);
  const env = Object.keys(settings).flatMap((name) => ['--env', name]);
  const run = [
    'run',
    '--rm',
    '--network',
    'none',
    '--volume',
    `${socket}:/var/run/docker.sock`,
    ...mounts,
    ...env,
    image,
  ];
  return (args, options) => tryDocker([...run, ...words, ...args], { host, env: settings, ...options });
}
