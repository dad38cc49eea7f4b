import { exitCodes, Failure } from './failure.ts';
import type { Server } from './server.ts';

/** A file as the room lists it. */
export interface RoomFile {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly sha256: string | null;
  readonly status: string;
  readonly owner: { readonly displayName: string };
  readonly createdAt: string;
}

interface Page {
  readonly items: readonly RoomFile[];
  readonly next: string | null;
}

/** All files of the room, newest first. */
export async function listFiles(server: Server): Promise<readonly RoomFile[]> {
  const found: RoomFile[] = [];
  for (let after = ''; ;) {
    const page: Page = await server.call<Page>(
      'GET',
      `/files?limit=100${after && `&after=${encodeURIComponent(after)}`}`,
    );
    found.push(...page.items);
    if (!page.next) return found;
    after = page.next;
  }
}

/** By id, or the newest of that name. @throws Failure */
export async function findFile(server: Server, wanted: string): Promise<RoomFile> {
  const files = await listFiles(server);
  const file = files.find(({ id }) => id === wanted) ?? files.find(({ name }) => name === wanted);
  if (!file) throw new Failure(exitCodes.failed, `This room has no file "${wanted}".`);
  return file;
}
