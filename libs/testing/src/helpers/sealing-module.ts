import { findSealingModule } from '@conclave/servers';

/** The native module of sealing, built where there is a `cargo`; undefined where there is none, and specs of it are left out. */
export async function sealingModule(): Promise<string | undefined> {
  const found = await findSealingModule();
  return found.file ?? undefined;
}
