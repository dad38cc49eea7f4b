import { createHash } from 'node:crypto';
import type { TestPerson } from '@conclave/messaging/testing';
import { reasonOf, type DataClient } from './data-client.js';
import type { FilesWorld } from './files-world.js';
import { until } from './remains.js';

/** An upload that is kept, as a client of it sees it. */
export interface KeptUpload {
  readonly fileId: string;
  readonly slug: string;
  readonly person: TestPerson;
  readonly bytes: Buffer;
  /** Where it goes on; takes it over. */
  resume(): Promise<{ offset: number; hopToken: string }>;
  /** Sends everything from where it goes on up to `end`; answers the reason of a refusal, or how far it is. */
  send(end?: number, through?: DataClient): Promise<number | string>;
  /** Begins to send the rest, and goes away behind `count` bytes of it, once `stored` bytes of the file are. */
  breakOff(count: number, stored: number, through?: DataClient): Promise<void>;
  /** How far it is, without taking it over. */
  stored(): Promise<number>;
  /** SHA-256 of what can be read back, and of what was meant. */
  hashes(): Promise<[string, string]>;
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Begins one. */
export async function keptUpload(
  world: FilesWorld,
  person: TestPerson,
  slug: string,
  bytes: Buffer,
): Promise<KeptUpload> {
  const size = BigInt(bytes.length);
  const started = await world.as(person).startUpload({ slug, name: 'a.bin', type: '', size, resumable: true });
  return keptAs(world, { fileId: started.fileId, slug, person, bytes });
}

/** The same upload in somebody's hands. */
export function keptAs(
  world: FilesWorld,
  { fileId, slug, person, bytes }: Pick<KeptUpload, 'fileId' | 'slug' | 'person' | 'bytes'>,
): KeptUpload {
  const resume: KeptUpload['resume'] = async () => {
    const resumed = await world.uploadsAs(person).resumeUpload({ slug, fileId });
    return { offset: Number(resumed.upload?.offset), hopToken: resumed.hopToken };
  };
  const upload: KeptUpload = {
    fileId,
    slug,
    person,
    bytes,
    resume,
    async send(end = bytes.length, through = world.data) {
      const { offset, hopToken } = await resume();
      const answer = await through.patch(fileId, hopToken, offset, Buffer.from(bytes.subarray(offset, end)));
      return answer.status < 300 ? Number(answer.headers['upload-offset']) : reasonOf(answer);
    },
    async breakOff(count, stored, through = world.data) {
      const { offset, hopToken } = await resume();
      const gone = new AbortController();
      const body = (async function* () {
        const some = bytes.subarray(offset, offset + count);
        for (let at = 0; at < some.length; at += 65_536) yield Buffer.from(some.subarray(at, at + 65_536));
        await until(upload.stored, (now) => now >= stored, 20_000);
        gone.abort();
        throw new Error('gone');
      })();
      const length = bytes.length - offset;
      const answer = await through
        .patch(fileId, hopToken, offset, body, { length, signal: gone.signal })
        .catch(() => undefined);
      if (answer) throw new Error(`refused before it broke off: ${reasonOf(answer)}`);
    },
    stored: async () => Number((await world.uploadsAs(person).getUpload({ slug, fileId })).upload?.offset),
    async hashes() {
      const { hopToken } = await world.as(person).openContent({ slug, fileId });
      return [sha256((await world.data.get(fileId, hopToken)).body), sha256(bytes)];
    },
  };
  return upload;
}
