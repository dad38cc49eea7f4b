import { ExpiringCache } from './expiring-cache.js';

function stage(options: { most?: number } = {}) {
  const clock = { time: 0 };
  const dropped: string[] = [];
  const cache = new ExpiringCache<string>({
    ttlMs: 1_000,
    most: options.most ?? 3,
    now: () => clock.time,
    dispose: (value) => dropped.push(value),
  });
  return { clock, dropped, cache };
}

describe('an expiring cache', () => {
  it('keeps a value until its time is reached, from a clock that begins at nought too', () => {
    const { cache, clock, dropped } = stage();
    cache.keep('a', 'one');
    clock.time = 999;
    expect(cache.get('a')).toBe('one');
    clock.time = 1_000;
    expect(cache.get('a')).toBeUndefined();
    expect(dropped).toEqual(['one']);
  });

  it('counts from when the value was true, for as long as that one is', () => {
    const { cache, clock } = stage();
    clock.time = 500;
    cache.keep('a', 'one', { since: 200 });
    cache.keep('b', 'two', { ttlMs: 2_000 });
    cache.keep('c', 'three', { ttlMs: -5 });
    expect(cache.get('c')).toBeUndefined();
    clock.time = 1_200;
    expect([cache.get('a'), cache.get('b')]).toEqual([undefined, 'two']);
    clock.time = 2_500;
    expect(cache.get('b')).toBeUndefined();
  });

  it('does not begin again because somebody asks', () => {
    const { cache, clock } = stage();
    cache.keep('a', 'one');
    for (clock.time = 0; clock.time < 1_000; clock.time += 100) expect(cache.get('a')).toBe('one');
    expect(cache.get('a')).toBeUndefined();
  });

  it('makes room by dropping what was used longest ago', () => {
    const { cache, dropped } = stage();
    for (const key of ['a', 'b', 'c']) cache.keep(key, key);
    cache.get('a');
    cache.keep('d', 'd');
    expect(dropped).toEqual(['b']);
    expect(cache.size).toBe(3);
  });

  it('drops one, those that are meant, or all, and disposes of each once', () => {
    const { cache, dropped } = stage({ most: 10 });
    for (const key of ['a', 'b', 'c', 'd', 'e']) cache.keep(key, key);
    cache.drop('a');
    cache.dropWhere((value) => value === 'b' || value === 'd');
    expect(dropped).toEqual(['a', 'd', 'b']);
    expect([cache.get('c'), cache.get('e')]).toEqual(['c', 'e']);
    cache.clear();
    expect(dropped.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});
