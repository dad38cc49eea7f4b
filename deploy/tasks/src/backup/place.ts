import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { OperatorError } from '@conclave/platform';
import { partName } from './manifest.js';
import type { PartStore } from './store.js';

/**
 * Puts, reads and removes a few bytes before anything else is done, so that a run that could not end does not begin; and
 * looks whether they turn up in the originals' bucket, which may have two addresses.
 *
 * @throws OperatorError
 */
export async function requireUsable(destination: PartStore, original: PartStore, id: string): Promise<void> {
  // Inside the backup's own folder: should it stay, it goes with what never became a backup.
  const name = partName(id, 'probe');
  const said = randomUUID();
  await destination.put(name, Readable.from([Buffer.from(said)]), said.length);
  try {
    const same = (await original.size(destination.fullName(name))) !== null;
    if (same)
      throw new OperatorError(
        `${destination.where} is the bucket that is backed up, under another address; a copy belongs elsewhere.`,
      );
    if ((await text(await destination.get(name))) !== said)
      throw new OperatorError(`${destination.where} does not give back what was put into it.`);
  } finally {
    await destination.remove(name);
  }
}
