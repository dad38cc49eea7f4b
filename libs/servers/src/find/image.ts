import type { Pin } from '../pins.js';
import { run } from '../process/run.js';
import { readVersion, type Found } from './version.js';

/** The variable that names another image for a server: `CONCLAVE_IMAGE_POSTGRES`, `…_NATS_SERVER`, `…_MINIO`, `…_LIVEKIT_SERVER`, `…_SEAWEEDFS`. */
const overrideOf = (pin: Pin): string | undefined =>
  process.env[`CONCLAVE_IMAGE_${pin.name.toUpperCase().replaceAll('-', '_')}`] || undefined;

/** The image of a server; of Postgres that of the major version that wrote the data, where there is data. */
export function imageOf(pin: Pin, postgresMajor?: number): string {
  const pinned = postgresMajor ? `postgres:${postgresMajor}` : pin.image;
  const image = overrideOf(pin) ?? pinned;
  if (image === null) throw new Error(`no image of ${pin.name} is pinned`);
  return image;
}

/** Whether a container engine could run it at all. */
export const hasImage = (pin: Pin): boolean => pin.image !== null || overrideOf(pin) !== undefined;

/** How an image is fetched. */
export interface ImageOptions {
  readonly progress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** Makes sure that the image is here, pulling it where it is not; says why it cannot be had, or null. */
export async function obtainImage(engine: string, image: string, options: ImageOptions = {}): Promise<string | null> {
  if ((await run(engine, ['image', 'inspect', '--format', '{{.Id}}', image])).code === 0) return null;
  options.progress?.(`pulling ${image}`);
  const pulled = await run(engine, ['pull', '--quiet', image], options.signal ? { signal: options.signal } : {});
  if (pulled.code === 0) return null;
  const why = options.signal?.aborted ? 'it took too long' : pulled.output.trim().split('\n').at(-1);
  return `${image} is not here and cannot be pulled: ${why}`;
}

/** Asks the server in an image what it is. An image that somebody chose by name is taken for what it says it is. */
export async function versionInImage(engine: string, image: string, pin: Pin): Promise<Found> {
  const entrypoint = pin.name === 'postgres' ? ['--entrypoint', 'postgres'] : [];
  const ask = ['run', '--rm', '--pull', 'never', '--network', 'none', ...entrypoint, image, '--version'];
  const { version, right } = readVersion((await run(engine, ask)).output, pin);
  return { version, right: right || version === pin.imageVersion || overrideOf(pin) !== undefined };
}
