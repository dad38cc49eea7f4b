import { rm } from 'node:fs/promises';
import { pins, type Pin, type ServerName } from '../pins.js';
import { build, cachedBinary } from './build.js';
import { localEngine } from './engine.js';
import { ensureGo, usableGo } from './go-toolchain.js';
import { hasImage, imageOf, obtainImage, versionInImage } from './image.js';
import { isThere } from './is-there.js';
import { npmPostgres } from './npm-postgres.js';
import { onPath } from './on-path.js';
import { versionOf, type Found } from './version.js';

/** So long an image may take to come before a build is begun instead; where nothing can be built, much longer. */
const quickPullMs = 60_000;
const longPullMs = 600_000;

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
  /** False: where no `go` is on PATH nothing is built. */
  readonly fetchToolchain?: boolean;
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

/** `fetch` says only that it failed; why, its cause says. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

/**
 * Finds one pinned server: PATH, the user's cache or the npm package, a container engine that has its image or gets it
 * quickly, a build from the Go module proxy, whose toolchain comes from there too where no `go` is on PATH.
 */
export async function findServer(name: ServerName, options: FindOptions = {}): Promise<ServerBinary> {
  const pin = pins[name];
  const say = options.say ?? (() => {});
  const postgresMajor = name === 'postgres' ? options.postgresMajor : undefined;
  const wanted = postgresMajor ? `${postgresMajor}` : pin.wanted;
  const refusals: Refusal[] = [];
  /** What is not there is told only when nothing else is; what is there and wrong, at once. */
  const lacks = (source: string, reason: string): void => void refusals.push({ source, reason });
  const refuse = (source: string, reason: string): void => {
    lacks(source, reason);
    say(`${name}: ${source}: ${reason}`);
  };

  const accept = (path: string, source: ServerBinary['source'], { version, right }: Found): ServerBinary | null => {
    const fits = right && (!postgresMajor || Number.parseInt(version, 10) === postgresMajor);
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
    const found = (await isThere(cached)) ? await check(cached, 'cache') : null;
    if (found) return found;
    // A wrong one in our own cache is in the way of the right one.
    await rm(cached, { force: true });
  }

  const fromEngine = async (): Promise<ServerBinary | null> => {
    if (!hasImage(pin)) {
      lacks('container engine', 'no image of it is pinned');
      return null;
    }
    const engine = await localEngine(options.path);
    if ('reason' in engine) {
      lacks('container engine', engine.reason);
      return null;
    }
    const image = imageOf(pin, postgresMajor);
    // An image that is here or comes quickly saves the minutes of a build.
    const patience = AbortSignal.timeout(pin.goModule ? quickPullMs : longPullMs);
    const signal = options.signal ? AbortSignal.any([options.signal, patience]) : patience;
    const missing = await obtainImage(engine.command, image, { ...options, signal });
    if (missing) {
      lacks('container engine', missing);
      return null;
    }
    return accept(image, 'engine', await versionInImage(engine.command, image, pin));
  };

  const fromBuild = async (): Promise<ServerBinary | null> => {
    try {
      const go = await (options.fetchToolchain === false ? usableGo(options.path) : ensureGo(options));
      if (!go) {
        lacks('build', 'no `go` on PATH');
        return null;
      }
      say(`${name}: building ${pin.goModule?.version} from the Go module proxy; this happens once`);
      return await check(await build(pin, go, options), 'built');
    } catch (error) {
      lacks('build', wordsOf(error));
      return null;
    }
  };

  const found = (await fromEngine()) ?? (pin.goModule ? await fromBuild() : null);
  if (found) return found;
  throw new ServerNotFound(pin, wanted, refusals);
}
