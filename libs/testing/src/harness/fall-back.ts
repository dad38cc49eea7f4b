import type { ServerRunner } from './runner.js';

/** The image of a server is not here and cannot be had. */
export class NoImage extends Error {}

/** Takes the second back end, in so many words, for each server whose image the first cannot have. */
export function fallBack(first: ServerRunner, second: ServerRunner, say: (line: string) => void): ServerRunner {
  const either = async <T>(name: string, one: () => Promise<T>, other: () => Promise<T>): Promise<T> => {
    try {
      return await one();
    } catch (error) {
      if (!(error instanceof NoImage)) throw error;
      say(`${name} as a process, because ${error.message}`);
      return other();
    }
  };
  return {
    kind: first.kind,
    postgres: () =>
      either(
        'postgres',
        () => first.postgres(),
        () => second.postgres(),
      ),
    minio: () =>
      either(
        'minio',
        () => first.minio(),
        () => second.minio(),
      ),
    seaweedfs: () => second.seaweedfs(),
    livekit: (request) =>
      either(
        'livekit',
        () => first.livekit(request),
        () => second.livekit(request),
      ),
    nats: (request) =>
      either(
        'nats',
        () => first.nats(request),
        () => second.nats(request),
      ),
  };
}
