import { randomUUID } from 'node:crypto';
import {
  Binding,
  bindFileKeys,
  Dek,
  Kek,
  KekRing,
  MessageKey,
  RoomKey,
  generateKey,
  newDek,
  newRootKey,
  openDek,
  openRootKey,
  rotateRootKeys,
  type BoundKey,
  type FileKeyRow,
  type FilePlace,
  type RootKeyRow,
  type RootPlace,
  type SecretKey,
  type WrappedKey,
} from './index.js';

const reveal = (key: SecretKey) => key.use((bytes) => Buffer.from(bytes).toString('hex'));
const [one, two] = [generateKey(Kek), generateKey(Kek)];
const old = new KekRing(new Map([['v1', one]]), 'v1');
const both = new KekRing(
  new Map([
    ['v1', one],
    ['v2', two],
  ]),
  'v2',
);

const roomPlace = (): RootPlace => ({ purpose: 'room_key', roomId: randomUUID() });
const filePlace = (roomId: string): FilePlace => ({ purpose: 'file_key', roomId, fileId: randomUUID() });

describe.each([Binding.none, Binding.place])('the ladder, with binding %p', (binding) => {
  it('leads from the KEK to the file', async () => {
    const place = roomPlace();
    const room = await newRootKey(old, RoomKey, place, binding);
    const at = filePlace(place.roomId);
    const file = newDek(room.key, at, binding);
    expect([room.wrapped.wrapped.length, file.wrapped.wrapped.length]).toEqual([40, 40]);
    const roomKey = await openRootKey(old, RoomKey, place, room.wrapped);
    expect(roomKey).toBeInstanceOf(RoomKey);
    const dek = openDek(roomKey, at, file.wrapped);
    expect(dek).toBeInstanceOf(Dek);
    expect(reveal(dek)).toBe(reveal(file.key));
  });

  it('serves message keys the same way', async () => {
    const place = { purpose: 'message_key', roomId: randomUUID() } as const;
    const { key, wrapped } = await newRootKey(old, MessageKey, place, binding);
    expect(reveal(await openRootKey(old, MessageKey, place, wrapped))).toBe(reveal(key));
  });

  it('whatever does not unwrap is one refusal', async () => {
    const place = roomPlace();
    const at = filePlace(place.roomId);
    const { wrapped } = newDek(generateKey(RoomKey), at, binding);
    const refusal = expect.objectContaining({ reason: 'FILE_INTEGRITY' });
    expect(() => openDek(generateKey(RoomKey), at, wrapped)).toThrow(refusal);
    const room = await newRootKey(old, RoomKey, place, binding);
    // Another KEK of the same version.
    const other = new KekRing(new Map([['v1', two]]), 'v1');
    await expect(openRootKey(other, RoomKey, place, room.wrapped)).rejects.toEqual(refusal);
  });
});

describe('rotation', () => {
  /** Rows in memory with the compare-and-set that a database does. */
  class Rows {
    readonly table = new Map<string, RootKeyRow>();
    beforeReplace: (id: string) => void = () => undefined;

    async *outdated(active: string) {
      for (const row of [...this.table.values()])
        if (row.key.version !== active || row.key.binding === Binding.none) yield row;
    }

    async replace(row: RootKeyRow, to: WrappedKey) {
      const id = row.place.roomId;
      this.beforeReplace(id);
      if (this.table.get(id) !== row) return false;
      this.table.set(id, { place: row.place, key: to });
      return true;
    }
  }

  /** Rows as an installation has them that was upgraded: every other one bound. */
  async function filled(count: number): Promise<{ rows: Rows; secrets: Map<string, string>; ids: string[] }> {
    const rows = new Rows();
    const secrets = new Map<string, string>();
    for (let at = 0; at < count; at += 1) {
      const place = roomPlace();
      const { key, wrapped } = await newRootKey(old, RoomKey, place, at % 2 === 0 ? Binding.none : Binding.place);
      rows.table.set(place.roomId, { place, key: wrapped });
      secrets.set(place.roomId, reveal(key));
    }
    return { rows, secrets, ids: [...rows.table.keys()] };
  }

  it('brings every room key under the new KEK and binds it, readable before, during and after', async () => {
    const { rows, secrets } = await filled(20);
    const check = async () => {
      for (const [id, { key, place }] of rows.table)
        expect(reveal(await both.unwrap(key, place, RoomKey))).toBe(secrets.get(id));
    };
    await check();
    const pending: Promise<void>[] = [];
    rows.beforeReplace = () => pending.push(check());
    expect(await rotateRootKeys(both, rows)).toEqual({ rewrapped: 20, skipped: 0, refused: [] });
    await Promise.all(pending);
    await check();
    for (const { key } of rows.table.values()) expect(key).toMatchObject({ version: 'v2', binding: Binding.place });
    expect(await rotateRootKeys(both, rows)).toEqual({ rewrapped: 0, skipped: 0, refused: [] });
  });

  it('binds what is under the active KEK already', async () => {
    const { rows } = await filled(6);
    expect(await rotateRootKeys(old, rows)).toEqual({ rewrapped: 3, skipped: 0, refused: [] });
  });

  it('leaves a row alone that changed under it', async () => {
    const { rows, ids } = await filled(3);
    const place = { purpose: 'room_key', roomId: ids[1] ?? '' } as const;
    const newer = { place, key: (await newRootKey(both, RoomKey, place, Binding.place)).wrapped };
    rows.beforeReplace = (id) => {
      if (id === ids[1]) rows.table.set(id, newer);
    };
    expect(await rotateRootKeys(both, rows)).toEqual({ rewrapped: 2, skipped: 1, refused: [] });
    expect(rows.table.get(place.roomId)).toBe(newer);
  });

  it('names a row whose key does not open there, and goes on with the others', async () => {
    const { rows, ids } = await filled(4);
    const [, first = '', , second = ''] = ids;
    const stolen = rows.table.get(first);
    const place = rows.table.get(second)?.place;
    if (!stolen || !place) throw new Error('there are four rows');
    rows.table.set(second, { place, key: stolen.key });
    expect(await rotateRootKeys(both, rows)).toEqual({ rewrapped: 3, skipped: 0, refused: [second] });
    expect(rows.table.get(second)?.key).toBe(stolen.key);
  });

  it('stops at a signal and goes on later where it was', async () => {
    const { rows, ids } = await filled(4);
    const controller = new AbortController();
    rows.beforeReplace = (id) => {
      if (id === ids[1]) controller.abort(new Error('draining'));
    };
    await expect(rotateRootKeys(both, rows, controller.signal)).rejects.toThrow('draining');
    rows.beforeReplace = () => undefined;
    expect(await rotateRootKeys(both, rows)).toEqual({ rewrapped: 2, skipped: 0, refused: [] });
  });

  it('binds the keys of files under the key of their room', async () => {
    const place = roomPlace();
    const room = await newRootKey(old, RoomKey, place, Binding.place);
    const at = filePlace(place.roomId);
    const { key: dek, wrapped } = newDek(room.key, at, Binding.none);
    const elsewhere = filePlace(place.roomId);
    const changed = { wrapped: Buffer.alloc(40), binding: Binding.none };
    const written: BoundKey[] = [];
    const rows = {
      async *outdated(): AsyncGenerator<FileKeyRow> {
        yield { place: at, key: wrapped, roomKey: room.wrapped };
        yield { place: elsewhere, key: changed, roomKey: room.wrapped };
      },
      replace: async (_: FileKeyRow, to: BoundKey) => written.push(to) > 0,
    };
    expect(await bindFileKeys(old, rows)).toEqual({ rewrapped: 1, skipped: 0, refused: [elsewhere.fileId] });
    const [bound] = written;
    if (!bound) throw new Error('nothing was written');
    expect(reveal(openDek(room.key, at, bound))).toBe(reveal(dek));
    expect(() => openDek(room.key, elsewhere, bound)).toThrow(expect.objectContaining({ reason: 'FILE_INTEGRITY' }));
  });
});
