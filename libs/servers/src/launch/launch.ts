import type { ServerBinary } from '../find/find-server.js';
import {
  containerArguments,
  containerEnvironment,
  containerName,
  removeContainer,
  type ContainerOptions,
} from '../process/container.js';
import { ManagedProcess, baseEnvironment, type ProcessOptions } from '../process/managed-process.js';

/** How a server is run, whatever it was found as. */
export interface LaunchOptions extends Omit<ProcessOptions, 'command' | 'env' | 'container' | 'cwd' | 'uid' | 'gid'> {
  readonly binary: ServerBinary;
  /** Its configuration or data; all that a container of it sees of this machine. */
  readonly folder: string;
  /** Where it works, where that matters. */
  readonly cwd?: string;
  readonly user?: ContainerOptions['user'];
  /** Beyond what every process gets. */
  readonly env?: Readonly<Record<string, string>>;
  /** The program in the image, where it is not the one that the image starts by itself. */
  readonly program?: string;
}

/** Starts a server: as a process, or by the `docker` command attached to its container, which passes signals and lines on. */
export async function launch(options: LaunchOptions): Promise<ManagedProcess> {
  const { binary, folder, cwd, user, env, program, args, ...rest } = options;
  if (binary.source !== 'engine') {
    return new ManagedProcess({
      ...rest,
      command: binary.path,
      args,
      env: { ...baseEnvironment(), ...env },
      ...(cwd === undefined ? {} : { cwd }),
      ...(user ?? {}),
    });
  }
  const container = containerName(binary.name, folder);
  // One that a killed supervisor left still works on this data.
  await removeContainer(container);
  return new ManagedProcess({
    ...rest,
    container,
    command: 'docker',
    args: containerArguments(container, {
      image: binary.path,
      args,
      mounts: [folder],
      ...(env ? { env } : {}),
      ...(user ? { user } : {}),
      ...(program ? { program } : {}),
      ...(rest.stopSignal ? { stopSignal: rest.stopSignal } : {}),
    }),
    env: containerEnvironment(env),
  });
}
