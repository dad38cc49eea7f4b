import { KeyCache, RoomKey, generateKey, type SecretKey } from './index.js';

const reveal = (key: SecretKey) => key.use((bytes) => Buffer.from(bytes).toString('hex'));

describe('the cache of unwrapped keys', () => {
  let time = 0;
  let cache: KeyCache<RoomKey>;
  let loads = 0;
  let kept: RoomKey[] = [];
  const load = async () => {
    loads += 1;
    const key = generateKey(RoomKey);
    kept.push(key);
    return key;
  };

  beforeEach(() => {
    time = 0;
    loads = 0;
    kept = [];
    cache = new KeyCache({ ttlMs: 3_000, maxEntries: 3, now: () => time });
  });
  afterEach(() => cache.clear());

  it('loads once for a few seconds and gives each caller a copy of its own', async () => {
    const first = await cache.get('room', load);
    time = 2_999;
    const second = await cache.get('room', load);
    expect(loads).toBe(1);
    expect(reveal(second)).toBe(reveal(first));
    first.destroy();
    expect(reveal(second)).toHaveLength(64);
    expect(reveal(await cache.get('room', load))).toBe(reveal(second));
  });

  it('loads again after its time, and wipes the old copy', async () => {
    await cache.get('room', load);
    time = 3_000;
    await cache.get('room', load);
    expect(loads).toBe(2);
    expect(kept.map((key) => key.destroyed)).toEqual([true, false]);
  });

  it('shares one load between callers at the same time', async () => {
    const keys = await Promise.all([cache.get('room', load), cache.get('room', load), cache.get('room', load)]);
    expect(loads).toBe(1);
    expect(new Set(keys.map(reveal)).size).toBe(1);
  });

  it('forgets at once when told to, and the callers keep what they had', async () => {
    const mine = await cache.get('room', load);
    cache.evict('room');
    await Promise.resolve();
    expect(kept[0]?.destroyed).toBe(true);
    expect(reveal(mine)).toHaveLength(64);
    await cache.get('room', load);
    expect(loads).toBe(2);
  });

  it('does not keep a key whose load was under way when it was revoked', async () => {
    let arrive: (key: RoomKey) => void = () => undefined;
    const slow = cache.get('room', () => new Promise<RoomKey>((resolve) => (arrive = resolve)));
    cache.evict('room');
    const key = generateKey(RoomKey);
    arrive(key);
    expect(reveal(await slow)).toHaveLength(64);
    await Promise.resolve();
    expect(key.destroyed).toBe(true);
    expect(cache.size).toBe(0);
  });

  it('does not keep a failure', async () => {
    await expect(cache.get('room', () => Promise.reject(new Error('no database')))).rejects.toThrow('no database');
    expect(reveal(await cache.get('room', load))).toHaveLength(64);
  });

  it('holds no more than its limit and drops the oldest', async () => {
    for (const id of ['a', 'b', 'c', 'd']) await cache.get(id, load);
    await Promise.resolve();
    expect(cache.size).toBe(3);
    expect(kept.map((key) => key.destroyed)).toEqual([true, false, false, false]);
  });

  it('wipes everything when cleared', async () => {
    await cache.get('a', load);
    await cache.get('b', load);
    cache.clear();
    await Promise.resolve();
    expect(kept.every((key) => key.destroyed)).toBe(true);
  });

  it('wipes idle keys without waiting for the next request', async () => {
    const idle = new KeyCache<RoomKey>({ ttlMs: 20 });
    const key = generateKey(RoomKey);
    await idle.get('room', async () => key);
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(key.destroyed).toBe(true);
    expect(idle.size).toBe(0);
  });
});
