import { randomBytes, randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { SEALED_SEGMENT_LENGTH } from '../src/index.js';
import { SEGMENTS_PER_BATCH } from '../src/layout.js';
import { BatchBuffers, FileSealer, SealedFile, SealingPool } from '../src/node/index.js';
import { inChunks, sha256, storeOf, tagRootOf } from './fixtures.js';

const full = SEGMENTS_PER_BATCH * SEALED_SEGMENT_LENGTH;

describe('buffers of batches', () => {
  it('are used again once, however often they are given back', () => {
    const buffers = new BatchBuffers();
    const one = buffers.take(full);
    buffers.give(one);
    buffers.give(one);
    expect(buffers.take(full)).toBe(one);
    expect(buffers.take(full)).not.toBe(one);
  });

  it('of other sizes, or given away to a thread, are not kept', () => {
    const buffers = new BatchBuffers();
    const small = new ArrayBuffer(10);
    buffers.give(small);
    expect(buffers.take(10)).not.toBe(small);
    const away = buffers.take(full);
    structuredClone(away, { transfer: [away] });
    buffers.give(away);
    expect(buffers.take(full).byteLength).toBe(full);
  });

  it('serve one file after another without a byte of the one before', async () => {
    const pool = new SealingPool({ workers: 2 });
    for (const byte of [1, 2, 3]) {
      const plaintext = Buffer.alloc(9_000_000 + byte, byte);
      const identity = { fileId: randomUUID(), roomId: randomUUID() };
      const dek = randomBytes(32);
      const sealer = new FileSealer({
        ...{ engine: pool, suite: '02', dek, plaintextLength: plaintext.length },
        ...identity,
      });
      const stored: Buffer[] = [];
      for await (const part of sealer.parts(inChunks(plaintext))) {
        stored.push(Buffer.concat(part.bytes)); // as a store has it, before the buffers go back
        part.release();
        part.release();
      }
      const object = Buffer.concat(stored);
      const { header, ...manifest } = sealer.sealed();
      expect(manifest).toMatchObject({ root: tagRootOf(object), objectCrc32: crc32(object) });
      const file = await SealedFile.open({
        ...{ engine: pool, dek, manifest, header, readObject: storeOf(object) },
        ...identity,
      });
      const opened: Buffer[] = [];
      for await (const chunk of file.read()) {
        opened.push(Buffer.from(chunk));
        file.release(chunk);
        expect(chunk.every((value) => value === 0)).toBe(true);
      }
      expect(sha256(Buffer.concat(opened))).toEqual(sha256(plaintext));
      file.destroy();
    }
    await pool.destroy();
  });
});
