import { LiveConnections, type CutReason, type LiveConnection } from './live-connections.js';

function connection(facts: Partial<LiveConnection> = {}) {
  const cuts: CutReason[] = [];
  const live: LiveConnection = {
    kind: 'events',
    userId: 'u1',
    sessionId: 's1',
    admission: { roomId: 'r1', joinId: 'j1' },
    cut: (why) => cuts.push(why),
    ...facts,
  };
  return { live, cuts };
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
    const { live, cuts } = connection();
    connections.admit(live, connections.mark());
    connections.presenceRevoked(what);
    expect(cuts).toEqual(expected ? ['not-present'] : []);
    expect(connections.count('events')).toBe(1 - expected);
  });

  it.each([
    ['its session', { userId: 'u1', sessionIds: ['s1'] }, 1],
    ['all sessions of the person', { userId: 'u1', sessionIds: [] }, 1],
    ['another session', { userId: 'u1', sessionIds: ['s2'] }, 0],
    ['another person', { userId: 'u2', sessionIds: [] }, 0],
  ])('are cut when %s ends', (_name, what, expected) => {
    const connections = new LiveConnections();
    const { live, cuts } = connection();
    connections.admit(live, connections.mark());
    connections.sessionRevoked(what);
    expect(cuts).toEqual(expected ? ['signed-out'] : []);
  });

  it('do not open when a revocation overtook the decision', () => {
    const connections = new LiveConnections();
    const { live } = connection();
    const mark = connections.mark();
    connections.presenceRevoked({ roomId: 'r1', joinIds: ['j1'], userIds: [] });
    expect(connections.admit(live, mark)).toBeUndefined();
    expect(connections.admit(live, connections.mark())).toBeInstanceOf(Function);
  });

  it('do not open when too much was heard meanwhile to be sure', () => {
    const connections = new LiveConnections();
    const mark = connections.mark();
    for (let i = 0; i < 5000; i++) connections.presenceRevoked({ roomId: 'other', joinIds: [], userIds: [] });
    expect(connections.admit(connection().live, mark)).toBeUndefined();
    expect(connections.admit(connection().live, connections.mark())).toBeInstanceOf(Function);
  });

  it('are counted per person and taken out when they end', () => {
    const connections = new LiveConnections();
    const release = connections.admit(connection().live, connections.mark());
    connections.admit(connection({ userId: 'u2' }).live, connections.mark());
    expect(connections.count('events', 'u1')).toBe(1);
    release?.();
    expect(connections.count('events', 'u1')).toBe(0);
  });
});
