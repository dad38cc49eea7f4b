import { world } from '../../test/world.js';

const device = { userAgent: 'Firefox', address: '198.51.100.7' };

describe('SessionOpening', () => {
  it('keeps only the digest of the token', async () => {
    const { opening, em, person, sessions, digest } = world();
    const { token, session } = await opening.open(em, person().id, device);
    expect(sessions.all).toEqual([session]);
    expect(session.tokenDigest).toEqual(digest.of(token));
    expect(JSON.stringify(session)).not.toContain(token);
  });

  it('ends the oldest where there would be more than a hundred, and says so', async () => {
    const { opening, em, person, clock, limits, sessions, announcer } = world();
    const { id } = person();
    const [first] = await Promise.all(Array.from({ length: 100 }, () => opening.open(em, id, device)));
    expect(announcer.ends).toEqual([]);
    await opening.open(em, id, device);
    expect(announcer.ends).toEqual([{ userId: id, sessionIds: [first?.session.id] }]);
    expect(await sessions.liveOf(em, id, clock.now(), limits, { limit: 1000 })).toHaveLength(100);
  });
});
