/**
 * F2: a file sealed to a file, in memory (/dev/shm), each by a process of its own whose start counts, on as many threads as it likes:
 * against `openssl enc`, which has no MAC, `age`, and `cp`. What was sealed is opened once and compared. BENCH_MIB (default 1024).
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findAge } from '../age/find-age.mjs';
import { MEBIBYTE } from '../measure.mjs';

const run = promisify(execFile);
const bytes = Number(process.env.BENCH_MIB ?? 1024) * MEBIBYTE;
const MEGA = 1e6;
const sealFile = fileURLToPath(new URL('../peers/seal-file.mjs', import.meta.url));

async function fill(file) {
  const handle = await open(file, 'w');
  for (let left = bytes; left > 0; left -= 8 * MEBIBYTE) await handle.write(randomBytes(Math.min(left, 8 * MEBIBYTE)));
  await handle.close();
}

async function same(one, other) {
  const [left, right] = [one, other].map((file) =>
    createReadStream(file, { highWaterMark: MEBIBYTE })[Symbol.asyncIterator](),
  );
  for (;;) {
    const [a, b] = await Promise.all([left.next(), right.next()]);
    if (a.done || b.done) return a.done === b.done;
    if (!a.value.equals(b.value)) return false;
  }
}

async function prepare() {
  const { findSealingModule } = await import('@conclave/servers');
  const { file: module, reason } = await findSealingModule();
  const folder = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'conclave-bench-'));
  const close = () => rm(folder, { recursive: true, force: true });
  try {
    const [input, output] = ['in.bin', 'out.bin'].map((name) => join(folder, name));
    await fill(input);
    const env = { ...process.env, SEALING_MODULE: module ?? '' };
    const speedOf = (program, args) => async () => {
      await rm(output, { force: true });
      const started = performance.now();
      await run(program, args, { env });
      return { speed: bytes / MEGA / ((performance.now() - started) / 1_000) };
    };
    const sides = {
      ours: {
        label: 'sealed by libs/sealing, Node and its start counted',
        round: speedOf(process.execPath, [sealFile, input, output]),
      },
      cp: { label: 'cp', round: speedOf('cp', [input, output]) },
    };
    const common = { unit: 'MB/s', figure: 'speed', ours: 'ours' };
    const judged = [{ ...common, name: 'to cp', peer: 'cp', goal: { atLeast: 0.7 } }];
    const key = ['-K', randomBytes(32).toString('hex'), '-iv', randomBytes(16).toString('hex')];
    const openssl = await run('openssl', ['version']).then(
      ({ stdout }) => stdout.trim(),
      () => undefined,
    );
    if (openssl) {
      const args = ['enc', '-aes-256-cbc', ...key, '-in', input, '-out', output];
      sides.openssl = { label: `openssl enc -aes-256-cbc, no MAC (${openssl})`, round: speedOf('openssl', args) };
      judged.unshift({ ...common, name: 'to openssl enc', peer: 'openssl', goal: { atLeast: 2.5 } });
    }
    const age = await findAge();
    if (age.file) {
      const keys = join(folder, 'age.txt');
      const { stderr } = await run(age.keygen, ['-o', keys]);
      const recipient = /age1\w+/.exec(stderr)?.[0] ?? '';
      sides.age = {
        label: `age -r (${age.version})`,
        round: speedOf(age.file, ['-r', recipient, '-o', output, input]),
      };
      judged.splice(-1, 0, { ...common, name: 'to age', peer: 'age', goal: { atLeast: 1.5 } });
    }
    await sides.ours.round();
    const opened = join(folder, 'opened.bin');
    await run(process.execPath, [sealFile, output, opened, '--open'], { env });
    if (!(await same(input, opened))) throw new Error('what was sealed does not open to the same bytes');
    await rm(opened);
    const facts = { bytes, module: module ?? `none: ${reason}`, age: age.file ? age.version : age.reason, folder };
    return { facts, sides, judged, close };
  } catch (error) {
    await close();
    throw error;
  }
}

export default { id: 'F2', title: 'Sealing a file to a file', prepare };
