/** What processes cost, as Linux tells it in /proc. */
import { readFile, writeFile } from 'node:fs/promises';

/** What processor time is counted in, on every platform Linux runs on. */
const TICKS_PER_SECOND = 100;

export const MEBIBYTE = 1_048_576;
export const GIBIBYTE = 1_024 * MEBIBYTE;

/** Processor seconds that processes have used so far, all their threads together. */
export async function processorSeconds(...pids) {
  const each = await Promise.all(
    pids.map(async (pid) => {
      const [, ...fields] = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ');
      const [user, system] = fields.join(') ').split(' ').slice(11, 13).map(Number);
      return (user + system) / TICKS_PER_SECOND;
    }),
  );
  return each.reduce((sum, one) => sum + one, 0);
}

/** A line of /proc/PID/status, in MiB. */
async function memory(pid, line) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${line}:\\s+(\\d+)`, 'm').exec(status)?.[1]) / 1_024;
}

/** Highest memory of a process since it began or since `forgetPeak`, in MiB. */
export const peakMemory = (pid) => memory(pid, 'VmHWM');

/** Memory of a process now, in MiB. */
export const memoryNow = (pid) => memory(pid, 'VmRSS');

/** From here on a process's highest memory is counted anew. */
export const forgetPeak = (pid) => writeFile(`/proc/${pid}/clear_refs`, '5');

/** Does some work and tells how long it took on the wall and what it cost these processes. */
export async function costOf(pids, work) {
  const before = await processorSeconds(...pids);
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1_000;
  return { seconds, processorSeconds: (await processorSeconds(...pids)) - before };
}
