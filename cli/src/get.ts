import { createWriteStream } from 'node:fs';
import { rename, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { counter } from './counter.ts';
import { exitCodes, Failure, LostConnection } from './failure.ts';
import { withPatience } from './patience.ts';
import { bytesText, Progress } from './progress.ts';
import type { RoomFile } from './room-files.ts';
import type { Server } from './server.ts';
import { verified } from './verify.ts';

/**
 * Fetches one file to disk, on from where an earlier run or connection stopped. It stands under its name once it is whole and, unless
 * `verify` is off, has the hash that the server made by reading and verifying it itself. What stood there before is replaced only by
 * `force`. @throws Failure, Refusal, LostConnection
 */
export async function get(
  server: Server,
  file: RoomFile,
  { to = '', verify = true, quiet = false, force = false } = {},
): Promise<string> {
  const path = await placeFor(file, to, force);
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
  progress.done();
  return path;
}

/** Writes it to stdout: nothing can be taken back there, so nothing is tried again once bytes have gone. */
export async function stream(server: Server, file: RoomFile, out: Writable, quiet: boolean): Promise<void> {
  const progress = new Progress(file.name, file.size, quiet);
  const response = await server.ask('GET', `/files/${file.id}/content`);
  let at = 0;
  await flow(response, out, (bytes) => progress.at((at += bytes)), { end: false });
  if (at !== file.size) throw new LostConnection(`it ended after ${at} of ${file.size} bytes`);
  progress.done();
}

async function receive(
  server: Server,
  file: RoomFile,
  part: string,
  from: number,
  progress: (bytes: number) => void,
): Promise<void> {
  const head = await server.head(`/files/${file.id}/content`, { words: `/files/${file.id}` });
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

const lengthOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

/** Where it goes: into a folder under its own name, otherwise as it was said. @throws Failure where something stands there */
async function placeFor(file: RoomFile, to: string, force: boolean): Promise<string> {
  const inFolder = to !== '' && (await stat(to).catch(() => undefined))?.isDirectory();
  const path =
    to === '' ? resolve(safeName(file.name)) : inFolder ? join(resolve(to), safeName(file.name)) : resolve(to);
  if (!force && (await stat(path).catch(() => undefined)))
    throw new Failure(
      exitCodes.localFile,
      `${path} is there already. Say another place with -o, or replace it with --force.`,
    );
  return path;
}

/** A name of a room is no path here. */
function safeName(name: string): string {
  const safe = name.replace(/[/\\\0]/g, '_').replace(/^\.+/, '_');
  return safe === '' ? 'file' : safe;
}
