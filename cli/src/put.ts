import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { counter } from './counter.ts';
import { exitCodes, Failure, LostConnection, Refusal } from './failure.ts';
import { fingerprint, KeptUploads, type KeptUpload } from './kept-uploads.ts';
import { withPatience } from './patience.ts';
import { bytesText, Progress } from './progress.ts';
import type { Server, Target } from './server.ts';

const tus = { 'tus-resumable': '1.0.0' };

/** Shares one file; what an earlier run began it goes on with. Answers the file's id. @throws Failure, Refusal, LostConnection */
export async function put(
  server: Server,
  target: Target,
  path: string,
  { name = basename(path), type = 'application/octet-stream', quiet = false } = {},
  kept = new KeptUploads(),
): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new Failure(exitCodes.localFile, `${path} is no file that can be read.`);
  const { size, print } = await fingerprint(path).catch((error: Error) => {
    throw new Failure(exitCodes.localFile, `${path} cannot be read: ${error.message}`);
  });
  const where = [target.server.href, target.room, resolve(path), name];
  const progress = new Progress(name, size, quiet);
  let upload = await kept.of(where, print);
  let at = 0;
  const keep = async (changes: Partial<KeptUpload>) => {
    upload = { ...upload, ...changes };
    await kept.keep(where, upload);
  };
  await keep({});
  const id = await withPatience(
    async () => {
      if ((await fingerprint(path)).print !== print)
        throw new Failure(
          exitCodes.localFile,
          `${path} has changed meanwhile. Run this again to share it as it is now.`,
        );
      const place = upload.id ?? (await begin(server, { name, type, size }, upload.key));
      if (upload.id !== place) await keep({ id: place });
      at = await stand(server, place);
      if (at > 0 && at < size) progress.say(`goes on at ${bytesText(at)} of ${bytesText(size)}`);
      while (at < size) at = await send(server, place, path, at, size, (bytes) => progress.at(bytes));
      return place;
    },
    {
      progressed: () => at,
      waits: (ms, error) => progress.waits(ms, error),
    },
  ).catch(async (error: unknown) => {
    // The place is gone: the next run begins anew.
    if (error instanceof Refusal && (error.status === 404 || error.status === 410 || isSpent(error)))
      await kept.forget(where);
    throw error;
  });
  await kept.forget(where);
  progress.done();
  return id;
}

async function begin(
  server: Server,
  facts: { name: string; type: string; size: number },
  key: string,
): Promise<string> {
  const value = (text: string) => Buffer.from(text, 'utf8').toString('base64');
  const response = await server.ask('POST', '/uploads', {
    headers: {
      ...tus,
      'upload-length': facts.size,
      'upload-metadata': `filename ${value(facts.name)},filetype ${value(facts.type)}`,
      'idempotency-key': key,
      'content-length': 0,
    },
  });
  response.resume();
  const id = response.headers.location?.split('/').at(-1);
  if (!id) throw new Failure(exitCodes.failed, 'The server did not say where the upload lies.');
  return id;
}

async function stand(server: Server, id: string): Promise<number> {
  const response = await server.head(`/uploads/${id}`, { headers: tus, words: `/uploads/${id}` });
  return offsetOf(response.headers['upload-offset']);
}

async function send(
  server: Server,
  id: string,
  path: string,
  from: number,
  size: number,
  progress: (bytes: number) => void,
): Promise<number> {
  const body = counted(createReadStream(path, { start: from, end: size - 1, highWaterMark: 256 * 1024 }), (bytes) =>
    progress(from + bytes),
  );
  const response = await server.ask('PATCH', `/uploads/${id}`, {
    headers: {
      ...tus,
      'content-type': 'application/offset+octet-stream',
      'content-length': size - from,
      'upload-offset': from,
    },
    body,
  });
  response.resume();
  return offsetOf(response.headers['upload-offset']);
}

function counted(source: Readable, told: (bytes: number) => void): Readable {
  let bytes = 0;
  const through = counter((length) => told((bytes += length)));
  source.on('error', (error) => through.destroy(error));
  through.on('close', () => source.destroy());
  return source.pipe(through);
}

function offsetOf(header: string | string[] | undefined): number {
  const offset = Number(header);
  if (typeof header !== 'string' || !Number.isSafeInteger(offset) || offset < 0)
    throw new LostConnection('the server did not say how far it is');
  return offset;
}

const isSpent = ({ reason, details }: Refusal): boolean =>
  reason === 'CONFLICT' && details['field'] === 'Idempotency-Key';
