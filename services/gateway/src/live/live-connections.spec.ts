import { LiveConnections, mostPerPerson, type CutReason, type LiveClaim, type LiveKind } from './live-connections.js';

const claim = (facts: Partial<LiveClaim> = {}): LiveClaim => ({
  kind: 'events',
  userId: 'u1',
  credentialId: 's1',
  ...facts,
});
const admission = { roomId: 'r1', joinId: 'j1' };

/** An open connection on the admission `j1` of `r1`. */
function opened(connections: LiveConnections, facts: Partial<LiveClaim> = {}) {
  const cuts: CutReason[] = [];
  const place = connections.reserve(claim(facts));
  place.whenCut((why) => cuts.push(why));
  place.standOn(admission);
  return { place, cuts };
}

describe('live connections', () => {
  it.each([
    ['the admission', { roomId: 'r1', joinIds: ['j1'], userIds: [] }, 1],
    ['the person', { roomId: 'r1', joinIds: [], userIds: ['u1'] }, 1],
    ['everybody in the room', { roomId: 'r1', joinIds: [], userIds: [] }, 1],
    ['this admission of this person', { roomId: 'r1', joinIds: ['j1'], userIds: ['u1'] }, 1],
    ['another admission of this person', { roomId: 'r1', joinIds: ['j2'], userIds: ['u1'] }, 0],
    ['another person', { roomId: 'r1', joinIds: [], userIds: ['u2'] }, 0],
    ['another room', { roomId: 'r2', joinIds: [], userIds: [] }, 0],
  ])('are cut when presence is revoked for %s: %j', (_name, what, expected) => {
    const connections = new LiveConnections();
    const { cuts } = opened(connections);
    connections.presenceRevoked(what);
    expect(cuts).toEqual(expected ? ['not-present'] : []);
    expect(connections.count('events')).toBe(1 - expected);
  });

  it.each([
    ['its credential', { userId: 'u1', sessionIds: ['s1'] }, 1],
    ['all of the person', { userId: 'u1', sessionIds: [] }, 1],
    ['another credential', { userId: 'u1', sessionIds: ['s2'] }, 0],
    ['another person', { userId: 'u2', sessionIds: [] }, 0],
  ])('are cut when %s ends', (_name, what, expected) => {
    const connections = new LiveConnections();
    const { cuts } = opened(connections);
    connections.credentialRevoked(what);
    expect(cuts).toEqual(expected ? ['signed-out'] : []);
  });

  it('are cut also before it is known how, and the cut is done then', () => {
    const connections = new LiveConnections();
    const place = connections.reserve(claim());
    connections.credentialRevoked({ userId: 'u1', sessionIds: ['s1'] });
    const cuts: CutReason[] = [];
    place.whenCut((why) => cuts.push(why));
    expect(cuts).toEqual(['signed-out']);
    expect(place.standOn(admission)).toBe(false);
    expect(connections.count('events')).toBe(0);
  });

  it('do not stand on an admission that was revoked before it was known', () => {
    const connections = new LiveConnections();
    const mark = connections.mark();
    connections.presenceRevoked({ roomId: 'r1', joinIds: ['j1'], userIds: [] });
    const place = connections.reserve(claim(), mark);
    expect(place.standOn(admission)).toBe(false);
    expect(place.over).toBe('not-present');
    expect(connections.count('events')).toBe(0);
    expect(connections.reserve(claim()).standOn(admission)).toBe(true);
  });

  it('are not taken when the session ended while its caller was asked for', () => {
    const connections = new LiveConnections();
    const mark = connections.mark();
    connections.credentialRevoked({ userId: 'u1', sessionIds: ['s1'] });
    expect(() => connections.reserve(claim(), mark)).toThrow(expect.objectContaining({ reason: 'UNAUTHENTICATED' }));
    expect(connections.count('events')).toBe(0);
  });

  it('are not taken when too much was heard meanwhile to be sure', () => {
    const connections = new LiveConnections();
    const mark = connections.mark();
    for (let i = 0; i < 5000; i++) connections.presenceRevoked({ roomId: 'other', joinIds: [], userIds: [] });
    expect(() => connections.reserve(claim(), mark)).toThrow(expect.objectContaining({ reason: 'UNAUTHENTICATED' }));
    expect(connections.reserve(claim()).standOn(admission)).toBe(true);
  });

  it('are counted per person and taken out when they end', () => {
    const connections = new LiveConnections();
    const { place } = opened(connections);
    opened(connections, { userId: 'u2' });
    expect(connections.count('events', 'u1')).toBe(1);
    place.release();
    place.release();
    expect(connections.count('events', 'u1')).toBe(0);
    expect(connections.count('events')).toBe(1);
  });

  it.each(Object.entries(mostPerPerson) as [LiveKind, number][])(
    'of the kind %s get %i places a person, however many ask at once',
    async (kind, most) => {
      const connections = new LiveConnections();
      const asks = Array.from({ length: 200 }, async () => {
        const place = connections.reserve(claim({ kind }));
        await new Promise((resolve) => setImmediate(resolve));
        return place;
      });
      const outcomes = await Promise.allSettled(asks);
      const got = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
      expect(got).toHaveLength(most);
      expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
        reason: { reason: 'RATE_LIMITED' },
      });
      expect(() => connections.reserve(claim({ kind, userId: 'u2' }))).not.toThrow();
      got[0]?.release();
      expect(() => connections.reserve(claim({ kind }))).not.toThrow();
    },
  );
});
