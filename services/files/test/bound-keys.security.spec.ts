import { createHash, randomBytes } from 'node:crypto';
import type { TestPerson } from '@conclave/messaging/testing';
import type pg from 'pg';
import { Vault } from '../src/keys/vault.js';
import { command } from './support/command.js';
import { filesWorld, type FilesWorld } from './support/files-world.js';

interface Shared {
  readonly room: { id: string; slug: string };
  readonly person: TestPerson;
  readonly fileId: string;
  readonly sha256: string;
}

interface Kept {
  readonly id: string;
  readonly wrapped: Buffer;
  readonly binding: number;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Somebody may write into schema `keys`, and moves what is wrapped from row to row. */
describe('a wrapped key that was copied to another row', () => {
  let world: FilesWorld;
  let keys: pg.Client;
  let mine: Shared;
  let neighbour: Shared;
  let other: Shared;

  beforeAll(async () => {
    world = await filesWorld();
    keys = await world.database.connect('keys');
    mine = await share();
    neighbour = await share(mine);
    other = await share();
  }, 120_000);

  async function share({ room, person }: Pick<Shared, 'room' | 'person'> = inRoom()): Promise<Shared> {
    const body = randomBytes(1_000);
    return { room, person, fileId: await world.share(person, room.slug, body), sha256: sha256(body) };
  }
  function inRoom(): Pick<Shared, 'room' | 'person'> {
    const room = world.rooms.room();
    return { room, person: world.inside(room) };
  }
  /** Copies columns over, looks, and puts everything back. */
  async function swapped(copies: readonly string[], look: () => Promise<void>): Promise<void> {
    const tables = [
      ['file_key', 'file_id'],
      ['room_key', 'room_id'],
    ] as const;
    const kept = await Promise.all(
      tables.map(([table, id]) => keys.query<Kept>(`select ${id} as id, wrapped, binding from ${table}`)),
    );
    try {
      for (const sql of copies) await keys.query(sql);
      await look();
    } finally {
      for (const [at, [table, id]] of tables.entries()) {
        for (const row of kept[at]?.rows ?? []) {
          const values = [row.wrapped, row.binding, row.id];
          await keys.query(`update ${table} set wrapped = $1, binding = $2 where ${id} = $3`, values);
        }
      }
    }
  }
  const unwraps = ({ room, fileId }: Shared): Promise<string> =>
    world.service.app
      .get(Vault, { strict: false })
      .open({ roomId: room.id, fileId })
      .then((dek) => (dek.destroy(), 'unwrapped'))
      .catch((error: { reason?: string }) => error.reason ?? 'an error without a reason');
  const copyFile = (from: Shared, to: Shared): string =>
    `update file_key set (wrapped, binding) = (select wrapped, binding from file_key where file_id = '${from.fileId}')
      where file_id = '${to.fileId}'`;
  const copyRoom = (from: Shared, to: Shared): string =>
    `update room_key set (wrapped, binding) = (select wrapped, binding from room_key where room_id = '${from.room.id}')
      where room_id = '${to.room.id}'`;
  const unbind = 'update file_key set binding = 0; update room_key set binding = 0';

  it.each([
    ["another file's of the same room", () => [copyFile(mine, neighbour)], () => neighbour],
    ["another room's", () => [copyRoom(mine, other)], () => other],
    ["another room's with its files'", () => [copyRoom(mine, other), copyFile(mine, other)], () => other],
    [
      "a room's as a file's",
      () => [
        `update file_key set wrapped = (select wrapped from room_key where room_id = '${mine.room.id}') where file_id = '${mine.fileId}'`,
      ],
      () => mine,
    ],
    ['one that is said to be of before', () => [unbind], () => mine],
    [
      'one that is said to be of before, elsewhere',
      () => [copyRoom(mine, other), copyFile(mine, other), unbind],
      () => other,
    ],
  ])('%s does not unwrap, and one answer says no more', async (_, copies, row) => {
    await swapped(copies(), async () => {
      expect(await unwraps(row())).toBe('FILE_INTEGRITY');
      const { person, room, fileId } = row();
      const refusal = await world
        .as(person)
        .openContent({ slug: room.slug, fileId })
        .catch((error: unknown) => error);
      expect(refusal).toMatchObject({ reason: 'FILE_INTEGRITY' });
    });
    expect(await unwraps(row())).toBe('unwrapped');
  });

  it('is named by the rotation, which leaves it as it is and brings the others along', async () => {
    // As on an installation that the release before has used: everything is wrapped the old way but one row.
    await keys.query('delete from schema_floor');
    const old = await share();
    const robbed = await share(old);
    await swapped(
      [copyFile(other, robbed), `update file_key set binding = 0 where file_id = '${robbed.fileId}'`],
      async () => {
        const { code, output } = await command('rewrap', world.env);
        expect(output).toContain('1 keys are under v1 now; 0 changed meanwhile\n1 keys of files are bound');
        expect(output).toContain(
          `1 keys do not open in the rows where they lie and stayed as they were: ${robbed.fileId}.`,
        );
        expect(code).toBe(1);
        expect([await unwraps(old), await unwraps(robbed)]).toEqual(['unwrapped', 'FILE_INTEGRITY']);
      },
    );
    const { hopToken } = await world.as(old.person).openContent({ slug: old.room.slug, fileId: old.fileId });
    const answer = await world.data.get(old.fileId, hopToken);
    expect([answer.status, sha256(answer.body)]).toEqual([200, old.sha256]);
  }, 60_000);
});
