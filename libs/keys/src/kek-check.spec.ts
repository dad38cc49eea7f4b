import { randomUUID } from 'node:crypto';
import {
  Binding,
  generateKey,
  Kek,
  kekCheckValue,
  KekRing,
  newRootKey,
  recordKeks,
  requireKnownKeks,
  requireSameKeks,
  RoomKey,
  type KekCheckRows,
  type RootKeyRow,
} from './index.js';

/** Check values and wrapped keys, as schema `keys` has them. */
class Rows implements KekCheckRows {
  readonly values = new Map<string, Uint8Array>();
  readonly wrapped: RootKeyRow[] = [];
  all = async () => [...this.values].map(([version, value]) => ({ version, value }));
  inUse = async () => this.wrapped;
  add = async (version: string, value: Uint8Array) => {
    if (!this.values.has(version)) this.values.set(version, value);
  };
}

const [first, second] = [generateKey(Kek), generateKey(Kek)];
const ring = (...keks: [string, Kek][]): KekRing => new KekRing(new Map(keks), keks.at(-1)?.[0] ?? '');

/** A row that v1 has wrapped. */
async function sample(): Promise<RootKeyRow> {
  const place = { purpose: 'room_key', roomId: randomUUID() } as const;
  return { place, key: (await newRootKey(ring(['v1', first]), RoomKey, place, Binding.place)).wrapped };
}

describe('a check value', () => {
  it('is the same for the same key and says nothing of it', () => {
    expect(kekCheckValue(first)).toEqual(kekCheckValue(first));
    expect(kekCheckValue(first)).not.toEqual(kekCheckValue(second));
    expect(kekCheckValue(first)).toHaveLength(16);
    first.use((bytes) => expect(Buffer.from(bytes).includes(kekCheckValue(first))).toBe(false));
  });
});

describe('the KEKs of the folder', () => {
  it('are noted at first use and fit from then on', async () => {
    const rows = new Rows();
    await recordKeks(ring(['v1', first]), rows);
    expect([...rows.values.keys()]).toEqual(['v1']);
    await expect(requireSameKeks(ring(['v1', first]), rows)).resolves.toBeUndefined();
  });

  it('are refused when another key has the same version, and nothing is written', async () => {
    const rows = new Rows();
    await recordKeks(ring(['v1', first]), rows);
    const refusal = recordKeks(ring(['v1', second], ['v2', first]), rows);
    await expect(refusal).rejects.toThrow('KEK v1 in KEK_DIR is not the key that the data was sealed with');
    expect([...rows.values.keys()]).toEqual(['v1']);
    await expect(requireKnownKeks(ring(['v1', second]), rows)).rejects.toThrow('KEK v1');
  });

  it('are proven on a wrapped key where nothing was noted yet', async () => {
    const rows = new Rows();
    rows.wrapped.push(await sample());
    await expect(recordKeks(ring(['v1', second]), rows)).rejects.toThrow('KEK v1');
    expect(rows.values.size).toBe(0);
    await expect(recordKeks(ring(['v1', first]), rows)).resolves.toBeUndefined();
  });

  it('may not lack a version that keys need', async () => {
    const rows = new Rows();
    rows.wrapped.push(await sample());
    await expect(requireSameKeks(ring(['v2', second]), rows)).rejects.toThrow('KEK v1 is not in KEK_DIR');
    rows.wrapped.length = 0;
    await expect(requireSameKeks(ring(['v2', second]), rows)).resolves.toBeUndefined();
  });

  it('of two replicas that start with different keys, one is refused', async () => {
    const rows = new Rows();
    const outcomes = await Promise.allSettled([
      recordKeks(ring(['v1', first]), rows),
      recordKeks(ring(['v1', second]), rows),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});
