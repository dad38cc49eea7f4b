import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { exitCodes, Failure, Refusal } from './failure.ts';
import { withPatience } from './patience.ts';
import type { Progress } from './progress.ts';
import type { RoomFile } from './room-files.ts';
import type { Server } from './server.ts';

const gibibyte = 1024 ** 3;
/** The server reads the whole file for its hash, beside everything else that it does. */
const patienceMs = (size: number): number => 2 * 60_000 + (size / gibibyte) * 60_000;

/** How often it is asked, and how long at most. */
export interface HashPatience {
  readonly everyMs: number;
  readonly longestMs: number;
}

/**
 * Compares what was fetched with the hash that the server makes by a verifying read of its own. A server that makes none was believed
 * byte by byte as it verified them. @throws Failure where it differs, or is not there in time; Refusal, LostConnection
 */
export async function verified(
  server: Server,
  file: RoomFile,
  part: string,
  progress: Progress,
  patience: HashPatience = { everyMs: 1_000, longestMs: patienceMs(file.size) },
): Promise<void> {
  const said = file.sha256 || (await hashOf(server, file, progress, patience));
  if (said === undefined) return progress.say('whole by its length; this server makes no hash');
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(part, { highWaterMark: 1024 * 1024 })) hash.update(bytes as Buffer);
  if (hash.digest('hex') === said) return;
  await rm(part, { force: true });
  throw new Failure(
    exitCodes.failed,
    `${file.name} does not have the hash that the server says. Nothing of it was kept.`,
  );
}

/** Undefined where the server knows no hashes. An empty answer means that it still reads: it is asked again. @throws Failure */
async function hashOf(
  server: Server,
  { id, name }: RoomFile,
  progress: Progress,
  { everyMs, longestMs }: HashPatience,
): Promise<string | undefined> {
  const since = performance.now();
  for (let asked = 1; ; asked++) {
    const answer = await withPatience(() => server.call<{ sha256?: string }>('GET', `/files/${id}/digest`), {
      progressed: () => asked,
      waits: (ms, error) => progress.waits(ms, error),
    }).catch((error: unknown) => {
      if (error instanceof Refusal && error.status === 404) return undefined;
      throw error;
    });
    if (!answer) return undefined;
    if (answer.sha256) return answer.sha256;
    if (performance.now() - since >= longestMs)
      throw new Failure(
        exitCodes.failed,
        `${name} is whole, but the server has not made its hash in time. Run this again: nothing is fetched twice. Or leave the hash out with --no-verify.`,
      );
    if (asked === 1) progress.say('whole; the server reads it once more for its hash');
    await sleep(everyMs);
  }
}
