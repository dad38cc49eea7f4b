import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Whose data a folder holds. */
export interface DataOwner {
  /** Random, made once for an installation and kept with its data. */
  readonly id: string;
  /** The checkout it was begun from. */
  readonly checkout: string;
}

/** The data belong to another installation; the message says what a person can do. */
export class ForeignData extends Error {}

const fileBeside = (postgresFolder: string): string => join(dirname(postgresFolder), 'installation.json');

/** Who wrote the data there, or null where nobody has said so. */
export async function dataOwner(postgresFolder: string): Promise<DataOwner | null> {
  try {
    const { id, checkout } = JSON.parse(await readFile(fileBeside(postgresFolder), 'utf8')) as Partial<DataOwner>;
    return typeof id === 'string' && typeof checkout === 'string' ? { id, checkout } : null;
  } catch {
    return null;
  }
}

/**
 * Writes down, before there are any data, whose they are; data of another installation are neither touched nor used.
 *
 * @throws ForeignData
 */
export async function claimData(postgresFolder: string, owner: DataOwner): Promise<void> {
  const there = await dataOwner(postgresFolder);
  if (there && there.id !== owner.id)
    throw new ForeignData(
      `The data in ${dirname(postgresFolder)} belong to another installation, begun from ${there.checkout}, and were not touched. Bring its .conclave back to use them, or remove them: rm -r ${dirname(postgresFolder)}`,
    );
  if (there) return;
  await mkdir(dirname(postgresFolder), { recursive: true });
  // Data that are there already were written before installations had an id: they are those of these secrets.
  await writeFile(fileBeside(postgresFolder), `${JSON.stringify(owner)}\n`, { mode: 0o644 });
}
