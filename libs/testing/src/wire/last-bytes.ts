import { writeFile } from 'node:fs/promises';
import type { Parting } from './watched-readers.js';

/** When last bytes left, by event and reader, over all tries of a run; for the report that is kept. */
export class LastBytes {
  private readonly times = new Map<string, number[]>();
  private allReset = true;

  add(event: string, partings: readonly Parting[]): void {
    for (const { pace, end, ms } of partings) {
      const row = `| ${event} | ${pace} |`;
      this.times.set(row, [...(this.times.get(row) ?? []), ms]);
      this.allReset &&= end === 'reset';
    }
  }

  /** @param about the command and what was run, a paragraph */
  async report(file: URL | string, about: readonly string[]): Promise<void> {
    const lines = [
      '# The last byte after a place is lost, on the wire',
      '',
      ...about,
      '',
      'Milliseconds from the event to the moment from which nothing can leave any more: the gateway’s end of the connection is gone from',
      'the kernel’s table (`/proc/net/tcp`, looked at every 25 ms; every delay of the watching process counts as time of the gateway).',
      'Readers: as fast as it comes; 64 KiB each 50 ms; none after the first bytes.',
      this.allReset ? 'Every connection ended by reset.' : 'NOT every connection ended by reset.',
      '',
      '| event | reader | tries | p50 | p99 | largest |',
      '| ----- | ------ | ----- | --- | --- | ------- |',
      ...[...this.times].map(
        ([row, times]) => `${row} ${times.length} | ${part(times, 0.5)} | ${part(times, 0.99)} | ${part(times, 1)} |`,
      ),
      '',
    ];
    await writeFile(file, lines.join('\n'));
  }
}

const part = (times: readonly number[], share: number): number =>
  [...times].sort((a, b) => a - b)[Math.ceil(share * times.length) - 1] ?? 0;
