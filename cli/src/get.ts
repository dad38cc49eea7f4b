import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { counter } from './counter.ts';
import { exitCodes, Failure, LostConnection, Refusal } from './failure.ts';
import { withPatience } from './patience.ts';
import { bytesText, Progress } from './progress.ts';
import type { RoomFile } from './room-files.ts';
import type { Server } from './server.ts';

/**
 * Fetches one file to disk, on from where an earlier run or connection stopped. It stands under its name once it is whole and, unless
 * `verify` is off, has the hash that the server made by reading and verifying it itself. @throws Failure, Refusal, LostConnection
 */
export async function get(
  server: Server,
  file: RoomFile,
  { to = safeName(file.name), verify = true, quiet = false } = {},
): Promise<string> {
  const path = resolve(to);
  // The id in its name: what lies there is a part of this file and of no other.
  const part = `${path}.${file.id}.part`;
  const progress = new Progress(file.name, file.size, quiet);
  let at = await lengthOf(part);
  if (at > file.size) at = 0;
  if (at > 0) progress.say(`goes on at ${bytesText(at)} of ${bytesText(file.size)}`);
  await withPatience(
    async () => {
      if (at === file.size && at > 0) return;
      await receive(server, file, part, at, (bytes) => progress.at((at = bytes)));
    },
    {
      progressed: () => at,
      waits: (ms, error) => progress.waits(ms, error),
    },
  );
  if (verify) await verified(server, file, part, progress);
  await rename(part, path);
  return path;
}

/** Writes it to stdout: nothing can be taken back there, so nothing is tried again once bytes have gone. */
export async function stream(server: Server, file: RoomFile, out: Writable, quiet: boolean): Promise<void> {
  const progress = new Progress(file.name, file.size, quiet);
  const response = await server.ask('GET', `/files/${file.id}/content`);
  let at = 0;
  await flow(response, out, (bytes) => progress.at((at += bytes)), { end: false });
  if (at !== file.size) throw new LostConnection(`it ended after ${at} of ${file.size} bytes`);
}

async function receive(
  server: Server,
  file: RoomFile,
  part: string,
  from: number,
  progress: (bytes: number) => void,
): Promise<void> {
  const head = await server.ask('HEAD', `/files/${file.id}/content`);
  head.resume();
  const tag = head.headers.etag;
  const goesOn = from > 0 && tag !== undefined;
  const response = await server.ask('GET', `/files/${file.id}/content`, {
    headers: goesOn ? { range: `bytes=${from}-`, 'if-range': tag } : {},
  });
  let at = response.statusCode === 206 ? from : 0;
  if (
    response.statusCode === 206 &&
    response.headers['content-range'] !== `bytes ${from}-${file.size - 1}/${file.size}`
  )
    throw new Failure(exitCodes.failed, 'The server answered with another part than the one that was asked for.');
  await flow(response, createWriteStream(part, { flags: at > 0 ? 'r+' : 'w', start: at, mode: 0o600 }), (bytes) =>
    progress((at += bytes)),
  );
  if (at !== file.size) throw new LostConnection(`it ended after ${at} of ${file.size} bytes`);
}

async function flow(
  from: Readable,
  to: Writable,
  told: (bytes: number) => void,
  options: { end?: boolean } = {},
): Promise<void> {
  try {
    await pipeline(from, counter(told), to, options);
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (syscall === 'write' || syscall === 'open' || code === 'ENOSPC' || code === 'EPIPE')
      throw new Failure(exitCodes.localFile, `It cannot be written: ${message}`);
    throw new LostConnection(message, { cause: error });
  }
}

/** Compares with the hash that the server answers; a server that has none was believed byte by byte as it verified them. */
async function verified(server: Server, file: RoomFile, part: string, progress: Progress): Promise<void> {
  const said =
    file.sha256 ||
    (await server
      .call<{ sha256?: string }>('GET', `/files/${file.id}/digest`)
      .then(({ sha256 }) => sha256)
      .catch((error: unknown) => {
        if (error instanceof Refusal && error.status === 404) return undefined;
        throw error;
      }));
  if (!said) return progress.say('whole by its length; this server makes no hash');
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(part, { highWaterMark: 1024 * 1024 })) hash.update(bytes as Buffer);
  if (hash.digest('hex') === said) return;
  await rm(part, { force: true });
  throw new Failure(
    exitCodes.failed,
    `${file.name} does not have the hash that the server says. Nothing of it was kept.`,
  );
}

const lengthOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

/** A name of a room is no path here. */
function safeName(name: string): string {
  const safe = name.replace(/[/\\\0]/g, '_').replace(/^\.+/, '_');
  return safe === '' ? 'file' : safe;
}
