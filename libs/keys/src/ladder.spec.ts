import {
  Dek,
  Kek,
  KekRing,
  KeyUnwrapRefused,
  MessageKey,
  RoomKey,
  generateKey,
  newDek,
  newRootKey,
  openDek,
  rotateRootKeys,
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

describe('the ladder', () => {
  it('leads from the KEK to the file', async () => {
    const room = await newRootKey(old, RoomKey);
    const file = newDek(room.key);
    expect(room.wrapped.wrapped.length).toBe(40);
    const roomKey = await old.unwrap(room.wrapped, RoomKey);
    expect(roomKey).toBeInstanceOf(RoomKey);
    const dek = openDek(roomKey, file.wrapped);
    expect(dek).toBeInstanceOf(Dek);
    expect(reveal(dek)).toBe(reveal(file.key));
  });

  it('serves message keys the same way', async () => {
    const { key, wrapped } = await newRootKey(old, MessageKey);
    expect(reveal(await old.unwrap(wrapped, MessageKey))).toBe(reveal(key));
  });

  it("a DEK of another room is the file's one refusal", () => {
    const { wrapped } = newDek(generateKey(RoomKey));
    expect(() => openDek(generateKey(RoomKey), wrapped)).toThrow(expect.objectContaining({ reason: 'FILE_INTEGRITY' }));
  });

  it('a root key under another KEK of the same version does not open', async () => {
    const { wrapped } = await newRootKey(old, RoomKey);
    const other = new KekRing(new Map([['v1', two]]), 'v1');
    await expect(other.unwrap(wrapped, RoomKey)).rejects.toBeInstanceOf(KeyUnwrapRefused);
  });
});

describe('rotation', () => {
  /** Rows in memory with the compare-and-set that a database does. */
  class Rows {
    readonly table = new Map<string, WrappedKey>();
    beforeReplace: (id: string) => void = () => undefined;

    async *outdated(active: string) {
      for (const [id, key] of [...this.table]) if (key.version !== active) yield { id, key };
    }

    async replace(id: string, from: WrappedKey, to: WrappedKey) {
      this.beforeReplace(id);
      if (this.table.get(id) !== from) return false;
      this.table.set(id, to);
      return true;
    }
  }

  async function filled(count: number): Promise<{ rows: Rows; secrets: Map<string, string> }> {
    const rows = new Rows();
    const secrets = new Map<string, string>();
    for (let at = 0; at < count; at += 1) {
      const { key, wrapped } = await newRootKey(old, RoomKey);
      rows.table.set(`room-${at}`, wrapped);
      secrets.set(`room-${at}`, reveal(key));
    }
    return { rows, secrets };
  }

  it('brings every room key under the new KEK, readable before, during and after', async () => {
    const { rows, secrets } = await filled(20);
    const check = async () => {
      for (const [id, wrapped] of rows.table) expect(reveal(await both.unwrap(wrapped, RoomKey))).toBe(secrets.get(id));
    };
    await check();
    const pending: Promise<void>[] = [];
    rows.beforeReplace = () => pending.push(check());
    expect(await rotateRootKeys(both, rows)).toEqual({ rewrapped: 20, skipped: 0 });
    await Promise.all(pending);
    await check();
    expect([...rows.table.values()].every((key) => key.version === 'v2')).toBe(true);
    expect(await rotateRootKeys(both, rows)).toEqual({ rewrapped: 0, skipped: 0 });
  });

  it('leaves a row alone that changed under it', async () => {
    const { rows } = await filled(3);
    const { wrapped: newer } = await newRootKey(both, RoomKey);
    rows.beforeReplace = (id) => {
      if (id === 'room-1') rows.table.set(id, newer);
    };
    expect(await rotateRootKeys(both, rows)).toEqual({ rewrapped: 2, skipped: 1 });
    expect(rows.table.get('room-1')).toBe(newer);
  });

  it('stops at a signal and goes on later where it was', async () => {
    const { rows } = await filled(4);
    const controller = new AbortController();
    rows.beforeReplace = (id) => {
      if (id === 'room-1') controller.abort(new Error('draining'));
    };
    await expect(rotateRootKeys(both, rows, controller.signal)).rejects.toThrow('draining');
    rows.beforeReplace = () => undefined;
    expect(await rotateRootKeys(both, rows)).toEqual({ rewrapped: 2, skipped: 0 });
  });
});
