import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@conclave/platform';
import type { MediaParticipant } from '../media/media-server.js';
import { PresenceCache } from './presence-cache.js';

const here: MediaParticipant = { joinId: 'j', sid: 's', active: true, joinedAt: new Date(0), role: '' };

function stage() {
  const clock = new FixedClock();
  const cache = new PresenceCache(clock);
  let asked = 0;
  const ask = async (): Promise<MediaParticipant | null> => (asked++, here);
  const look = (room = 'r', join = 'j', left = false) => cache.through(room, join, ask, left);
  return { clock, cache, look, asked: () => asked };
}

describe('answers of the media server', () => {
  it('are believed for less than three seconds', async () => {
    const { clock, look, asked } = stage();
    await look();
    clock.advance(2.9);
    await look();
    expect(asked()).toBe(1);
    clock.advance(0.1);
    await look();
    expect(asked()).toBe(2);
  });

  it('are forgotten at once when their admission ends', async () => {
    const { cache, look, asked } = stage();
    await look();
    cache.evict('r', ['other']);
    await look();
    expect(asked()).toBe(1);
    cache.evict('r', ['j']);
    await look();
    expect(asked()).toBe(2);
  });

  it('are not believed once another replica has noted a clean leave', async () => {
    const { look, asked } = stage();
    await look();
    await look('r', 'j', true);
    expect(asked()).toBe(2);
  });

  it('are all forgotten when a whole room ends, and only there', async () => {
    const { cache, look, asked } = stage();
    await look('r', 'a');
    await look('r', 'b');
    await look('other', 'a');
    cache.evict('r');
    await look('r', 'a');
    await look('r', 'b');
    await look('other', 'a');
    expect(asked()).toBe(5);
  });

  it('that were on their way during an eviction are not kept', async () => {
    const cache = new PresenceCache(new FixedClock());
    let answer: (participant: MediaParticipant) => void = () => undefined;
    const slow = cache.through('r', 'j', () => new Promise((resolve) => (answer = resolve)));
    cache.evict('r', ['j']);
    answer(here);
    await slow;
    await expect(cache.through('r', 'j', async () => null)).resolves.toMatchObject({ participant: null });
  });

  it('a no is asked again each time, and so is somebody who is only on the way in', async () => {
    const { cache } = stage();
    for (const participant of [null, { ...here, active: false }]) {
      await cache.through('r', 'j', async () => participant);
      await expect(cache.through('r', 'j', async () => here)).resolves.toMatchObject({ participant: here });
      cache.evict('r');
    }
  });

  it('a failure is not remembered', async () => {
    const { cache, look } = stage();
    await expect(cache.through('r', 'j', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    await expect(look()).resolves.toMatchObject({ participant: here });
  });
});
