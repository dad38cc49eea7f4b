import { world } from '../../test/world.js';
import { EndSession } from './end-session.js';

const device = { userAgent: 'Firefox', address: '' };

async function setting() {
  const parts = world();
  const { transaction, sessions, ending, audit, opening, em } = parts;
  const [marta, ben] = [parts.person(), parts.person()];
  const { session } = await opening.open(em, marta.id, device);
  const { session: other } = await opening.open(em, marta.id, device);
  const useCase = new EndSession(transaction, sessions, ending, audit);
  const end = (sessionId: string, facts: { userId?: string; currentSessionId?: string } = {}) =>
    useCase.execute({ userId: marta.id, currentSessionId: session.id, sessionId, ...facts });
  return { ...parts, marta, ben, session, other, end };
}

describe('EndSession', () => {
  it('ends the present session when none is named', async () => {
    const { end, session, other, announcer, marta, audit } = await setting();
    await end('');
    expect(session.endedAt).not.toBeNull();
    expect(other.endedAt).toBeNull();
    expect(announcer.ends).toEqual([{ userId: marta.id, sessionIds: [session.id] }]);
    expect(audit.events).toEqual([{ action: 'sign-out', userId: marta.id, sessionId: session.id }]);
  });

  it('ends another one of the same person', async () => {
    const { end, session, other } = await setting();
    await end(other.id);
    expect(other.endedAt).not.toBeNull();
    expect(session.endedAt).toBeNull();
  });

  it('is content with one that has ended, and tells nobody twice', async () => {
    const { end, other, announcer } = await setting();
    await end(other.id);
    await end(other.id);
    expect(announcer.ends).toHaveLength(1);
  });

  it('does not find the session of somebody else', async () => {
    const { end, session, ben, announcer } = await setting();
    await expect(end(session.id, { userId: ben.id })).rejects.toMatchObject({ reason: 'NOT_FOUND' });
    expect(session.endedAt).toBeNull();
    expect(announcer.ends).toEqual([]);
  });

  it('has nothing to end for a call that came with a personal token', async () => {
    const { end } = await setting();
    await expect(end('', { currentSessionId: '' })).rejects.toMatchObject({ reason: 'NOT_FOUND' });
  });

  it.each(['x', '1', "' or true --", 'a'.repeat(1000)])('refuses %j for an id', async (sessionId) => {
    const { end } = await setting();
    await expect(end(sessionId)).rejects.toMatchObject({ reason: 'INVALID_ARGUMENT', details: { field: 'sessionId' } });
  });
});
