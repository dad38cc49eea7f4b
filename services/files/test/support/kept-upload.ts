import { createHash } from 'node:crypto';
import type { TestPerson } from '@conclave/messaging/testing';
import { reasonOf, type DataClient } from './data-client.js';
import type { FilesWorld } from './files-world.js';

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
  /** Begins to send the rest, and goes away once `count` bytes of it are on their way. */
  breakOff(count: number, through?: DataClient): Promise<void>;
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
    const { upload, hopToken } = await world.uploadsAs(person).resumeUpload({ slug, fileId });
    return { offset: Number(upload?.offset), hopToken };
  };
  return {
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
    async breakOff(count, through = world.data) {
      const { offset, hopToken } = await resume();
      const gone = new AbortController();
      const body = (async function* () {
        const some = bytes.subarray(offset, offset + count);
        for (let at = 0; at < some.length; at += 65_536) yield Buffer.from(some.subarray(at, at + 65_536));
        // What was written is with the other side by then.
        setTimeout(() => gone.abort(), 150);
        await new Promise((resolve) => gone.signal.addEventListener('abort', resolve));
        throw new Error('gone');
      })();
      const length = bytes.length - offset;
      await through.patch(fileId, hopToken, offset, body, { length, signal: gone.signal }).catch(() => undefined);
    },
    async hashes() {
      const { hopToken } = await world.as(person).openContent({ slug, fileId });
      return [sha256((await world.data.get(fileId, hopToken)).body), sha256(bytes)];
    },
  };
}
