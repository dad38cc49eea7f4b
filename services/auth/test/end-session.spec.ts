import { common } from '@conclave/contracts';
import { fromBinary } from '@bufbuild/protobuf';
import { broadcasts } from '@conclave/contracts';
import { feedWith, freshAddress, runAuth, signUp, type RunningAuth, type Told } from './support/running-auth.js';
import { reasonOf, refusalOf } from './support/refusal.js';

let running: RunningAuth;
beforeAll(async () => {
  running = await runAuth();
}, 120_000);

const resolve = (sessionToken: string) => running.gateway.sessions.resolveSession({ sessionToken });
const end = (as: { principal: string }, sessionId = '') => running.gateway.sessions.endSession({ sessionId }, as);
const revocationsOf = async (userId: string) => {
  const mine = ({ type, payload }: Told): boolean => type === 'session.revoked' && payload['userId'] === userId;
  const told = await feedWith(running, (events) => events.some(mine));
  return told.filter(mine).map(({ payload }) => payload);
};

describe('EndSession', () => {
  it('signs out: the token is dead at once, the feed and the bus say so', async () => {
    const marta = await signUp(running);
    const broadcast = running.raw.subscribe(broadcasts.credentialRevoked, { max: 1 });
    const wokenBus = await running.nats.connect('rooms');
    const wokenUp = wokenBus.subscribe(broadcasts.outbox('auth'), { max: 1 });
    await Promise.all([running.raw.flush(), wokenBus.flush()]);

    await end(marta.as);
    expect(await reasonOf(resolve(marta.sessionToken))).toBe('UNAUTHENTICATED');
    for await (const message of broadcast)
      expect(fromBinary(common.SessionRevokedSchema, message.data)).toMatchObject({
        userId: marta.id,
        sessionIds: [marta.sessionId],
      });
    for await (const message of wokenUp) expect(message.data).toHaveLength(0);
    expect(await revocationsOf(marta.id)).toEqual([{ userId: marta.id, sessionIds: [marta.sessionId] }]);
    const { rows } = await running.sql.query(
      `select action, detail from audit where subject = $1 order by seq desc limit 1`,
      [`user:${marta.id}`],
    );
    expect(rows).toEqual([{ action: 'sign-out', detail: { sessionId: marta.sessionId } }]);
  });

  it('ends another session of the caller and leaves the present one', async () => {
    const marta = await signUp(running);
    const { email, password } = marta;
    const other = await running.gateway.sessions.createSession({ email, password, clientAddress: freshAddress() });
    const { sessionId } = await resolve(other.sessionToken);
    await end(marta.as, sessionId);
    expect(await reasonOf(resolve(other.sessionToken))).toBe('UNAUTHENTICATED');
    await expect(resolve(marta.sessionToken)).resolves.toBeDefined();
  });

  it('happens once, however often and however fast it is asked for', async () => {
    const marta = await signUp(running);
    await Promise.all(Array.from({ length: 8 }, () => end(marta.as)));
    await end(marta.as);
    // What is told after it shows that nothing of hers is still to come.
    const ben = await signUp(running);
    await end(ben.as);
    await revocationsOf(ben.id);
    expect(await revocationsOf(marta.id)).toHaveLength(1);
  });

  it('refuses an id that is none and does not find one that never was', async () => {
    const marta = await signUp(running);
    for (const id of ['x', '1', "' or true --", 'a'.repeat(1000)])
      expect(await refusalOf(end(marta.as, id))).toMatchObject({
        reason: 'INVALID_ARGUMENT',
        details: { field: 'sessionId' },
      });
    expect(await reasonOf(end(marta.as, '01890000-0000-7000-8000-000000000000'))).toBe('NOT_FOUND');
  });
});
