import { access, rm } from 'node:fs/promises';
import { pins, type Pin, type ServerName } from '../pins.js';
import { build, cachedBinary } from './build.js';
import { localEngine } from './engine.js';
import { imageOf, obtainImage, versionInImage } from './image.js';
import { npmPostgres } from './npm-postgres.js';
import { onPath } from './on-path.js';
import { versionOf, type Found } from './version.js';

/** A server that may be started. */
export interface ServerBinary {
  readonly name: ServerName;
  readonly source: 'path' | 'cache' | 'built' | 'package' | 'engine';
  /** The binary; for a container engine, the image. */
  readonly path: string;
  readonly version: string;
}

/** A source that was looked at and why it was not taken. */
export interface Refusal {
  readonly source: string;
  readonly reason: string;
}

/** How to look. */
export interface FindOptions {
  /** Folders to look through instead of PATH, also for `go` and a container engine. */
  readonly path?: string;
  /** Hears each refusal. */
  readonly say?: (line: string) => void;
  /** Hears how far a build is. */
  readonly progress?: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Postgres only: the major version that wrote the data that is there. */
  readonly postgresMajor?: number;
}

/** No source had the server; the message names what was looked at, what was found there and what is wanted. */
export class ServerNotFound extends Error {
  readonly refusals: readonly Refusal[];
  constructor(pin: Pin, wanted: string, refusals: readonly Refusal[]) {
    const lines = refusals.map(({ source, reason }) => `  ${source}: ${reason}`);
    super([`${pin.name} ${wanted} was found nowhere:`, ...lines].join('\n'));
    this.name = 'ServerNotFound';
    this.refusals = refusals;
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Finds one pinned server: PATH, the user's cache, a build from the Go module proxy or the npm package, a container engine. */
export async function findServer(name: ServerName, options: FindOptions = {}): Promise<ServerBinary> {
  const pin = pins[name];
  const say = options.say ?? (() => {});
  const wanted = options.postgresMajor ? `${options.postgresMajor}` : pin.wanted;
  const refusals: Refusal[] = [];
  const refuse = (source: string, reason: string): void => {
    refusals.push({ source, reason });
    say(`${name}: ${source}: ${reason}`);
  };

  const accept = (path: string, source: ServerBinary['source'], { version, right }: Found): ServerBinary | null => {
    const fits = right && (!options.postgresMajor || Number.parseInt(version, 10) === options.postgresMajor);
    if (fits) return { name, source, path, version };
    refuse(path, `${name} is ${version}, wanted is ${wanted}`);
    return null;
  };
  const check = async (path: string, source: ServerBinary['source']): Promise<ServerBinary | null> =>
    accept(path, source, await versionOf(path, pin));

  const paths = await onPath(name, options.path);
  if (pin.alias) paths.push(...(await onPath(pin.alias, options.path)));
  if (paths.length === 0) refusals.push({ source: 'PATH', reason: `no ${name}` });
  for (const path of paths) {
    const found = await check(path, 'path');
    if (found) return found;
  }

  if (name === 'postgres') {
    const path = await npmPostgres();
    const found = path ? await check(path, 'package') : null;
    if (found) return found;
    if (!path) refuse('npm package', `none for ${process.platform}-${process.arch}`);
  } else {
    const cached = cachedBinary(pin);
    const found = (await exists(cached)) ? await check(cached, 'cache') : null;
    if (found) return found;
    // A wrong one in our own cache is in the way of the right one.
    await rm(cached, { force: true });
    if ((await onPath('go', options.path)).length > 0) {
      say(`${name}: building ${pin.goModule?.version} from the Go module proxy; this happens once`);
      try {
        const built = await check(await build(pin, options), 'built');
        if (built) return built;
      } catch (error) {
        refuse('build', error instanceof Error ? error.message : String(error));
      }
    } else refuse('build', 'no `go` on PATH');
  }

  const engine = await localEngine(options.path);
  if ('reason' in engine) refuse('container engine', engine.reason);
  else {
    const image = imageOf(pin, options.postgresMajor);
    const missing = await obtainImage(engine.command, image, options);
    if (missing) refuse('container engine', missing);
    else {
      const found = accept(image, 'engine', await versionInImage(engine.command, image, pin));
      if (found) return found;
    }
  }
  throw new ServerNotFound(pin, wanted, refusals);
}
