import { createHash } from 'node:crypto';
import { baseEnvironment } from './managed-process.js';
import { run } from './run.js';

/** A server in a container instead of as a process. */
export interface ContainerOptions {
  readonly image: string;
  readonly args: readonly string[];
  /** The program in the image, where it is not the one that the image starts by itself. */
  readonly program?: string;
  /** Folders and files that it sees, at the paths they have here. */
  readonly mounts: readonly string[];
  /** Files that stand in for others: path in the container, path here. */
  readonly overlays?: Readonly<Record<string, string>>;
  /** Values reach the container through the environment of the command, never as arguments that others can list. */
  readonly env?: Readonly<Record<string, string>>;
  readonly user?: { readonly uid: number; readonly gid: number } | null;
  readonly stopSignal?: NodeJS.Signals;
}

/** One name per server and data, so that two can never work on the same data and the next run finds what one left. */
export const containerName = (server: string, folder: string): string =>
  `conclave-${server}-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`;

/** `--mount` reads comma-separated values. */
const quoted = (field: string): string => `"${field.replaceAll('"', '""')}"`;
const bind = (source: string, target: string, readOnly = false): string[] => [
  '--mount',
  `type=bind,${quoted(`src=${source}`)},${quoted(`dst=${target}`)}${readOnly ? ',readonly' : ''}`,
];

/**
 * The arguments of `docker run`. The container shares this machine's network, so that the same configuration binds the
 * same loopback ports and nothing is published; it gets no rights, no writable root and sees nothing but its mounts.
 */
export function containerArguments(name: string, options: ContainerOptions): string[] {
  const user = options.user ?? { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  return [
    ...['run', '--rm', '--pull', 'never', '--name', name, '--network', 'host', '--user', `${user.uid}:${user.gid}`],
    ...['--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--tmpfs', '/tmp'],
    // Postgres shares memory between its processes. Its lines are ours to keep, not the engine's.
    ...['--shm-size', '256m', '--log-driver', 'none'],
    ...(options.stopSignal ? ['--stop-signal', options.stopSignal] : []),
    ...Object.keys(options.env ?? {}).flatMap((key) => ['--env', key]),
    ...options.mounts.flatMap((path) => bind(path, path)),
    ...Object.entries(options.overlays ?? {}).flatMap(([target, source]) => bind(source, target, true)),
    ...(options.program ? ['--entrypoint', options.program] : []),
    options.image,
    ...options.args,
  ];
}

/** What the `docker` command needs from our environment to find its engine, and what it hands to the container. */
export function containerEnvironment(env: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const docker = Object.entries(process.env).filter(([key]) => key.startsWith('DOCKER_') || key === 'XDG_RUNTIME_DIR');
  return { ...baseEnvironment(), ...Object.fromEntries(docker), ...env };
}

/** Ends a container politely, then removes it with its anonymous volumes. One that is not there is no error. */
export async function removeContainer(name: string): Promise<void> {
  const there = await run('docker', ['container', 'inspect', '--format', '{{.State.Running}}', name]);
  if (there.code !== 0) return;
  await run('docker', ['stop', '--time', '20', name]);
  await run('docker', ['rm', '--force', '--volumes', name]);
}
