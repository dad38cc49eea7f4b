/** `node seal-file.mjs IN OUT`: seals a file as files does, on as many threads as there are cores, and writes the object. Or, with `--open`, back. */
import { open, stat, writeFile } from 'node:fs/promises';
import { FileSealer, SealedFile, SealingPool, chooseEngine } from '@conclave/sealing/node';

const [from, to, direction] = process.argv.slice(2);
const engine = new SealingPool({ engine: chooseEngine({ wish: 'auto', module: process.env.SEALING_MODULE }) });
const dek = Buffer.alloc(32, 1);
const suite = process.env.BENCH_SUITE ?? '02';
const identity = { fileId: '00000000-0000-4000-8000-000000000001', roomId: '00000000-0000-4000-8000-000000000002' };

/** Chunks of a file in one buffer, which is filled again once a chunk was taken. */
async function* chunks(input, { start, end }) {
  const buffer = Buffer.allocUnsafe(1_048_576);
  for (let at = start; at < end;) {
    const { bytesRead } = await input.read(buffer, 0, Math.min(buffer.length, end - at), at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

const input = await open(from);
const output = await open(to, 'w');
if (direction === '--open') {
  const { header, ...sealed } = JSON.parse(await (await open(`${from}.json`)).readFile('utf8'));
  const bytes = (text) => Buffer.from(text, 'base64');
  const manifest = { ...sealed, root: bytes(sealed.root), manifestTag: bytes(sealed.manifestTag) };
  const readObject = (range) => chunks(input, range);
  const file = await SealedFile.open({ ...identity, engine, dek, manifest, header: bytes(header), readObject });
  for await (const chunk of file.read()) {
    await output.write(chunk);
    file.release(chunk);
  }
} else {
  const { size: plaintextLength } = await stat(from);
  const sealer = new FileSealer({ ...identity, engine, suite, dek, plaintextLength });
  for await (const { bytes, release } of sealer.runs(chunks(input, { start: 0, end: plaintextLength }))) {
    for (const one of bytes) await output.write(one);
    release();
  }
  const { header, root, manifestTag, ...facts } = sealer.sealed();
  const text = (one) => Buffer.from(one).toString('base64');
  await writeFile(
    `${to}.json`,
    JSON.stringify({ ...facts, header: text(header), root: text(root), manifestTag: text(manifestTag) }),
  );
}
await output.close();
await engine.destroy();
