import { randomUUID } from 'node:crypto';
import { broadcasts, common, fromBinary, timestampDate } from '@conclave/contracts';
import { decodeJwt } from './support/jwt.js';
import { reasonOf } from './support/refusal.js';
import { runAuth, signUp, type RunningAuth, type SignedUp } from './support/running-auth.js';

let running: RunningAuth;
beforeAll(async () => {
  running = await runAuth();
}, 120_000);

const prove = (person: SignedUp, email = person.email, invitationId: string = randomUUID()) =>
  running.rooms.accounts.proveAddress({ email, invitationId }, person.as);
const accountOf = async (person: SignedUp) => (await running.gateway.accounts.getAccount({}, person.as)).account;
const auditOf = async (person: SignedUp) =>
  (
    await running.sql.query<{ detail: unknown }>(
      `select detail from audit where action = 'address.proven' and subject = $1`,
      [`user:${person.id}`],
    )
  ).rows.map(({ detail }) => detail);

describe('ProveAddress', () => {
  it('keeps when and by what, shows it to the person, and vouches for it in every principal token from then on', async () => {
    const marta = await signUp(running);
    const [, local = '', domain = ''] = /^(.*)@(.*)$/.exec(marta.email) ?? [];
    // As somebody may have typed it into an invitation: the same account all the same.
    await prove(marta, `${local.toUpperCase()}@${domain.toUpperCase()}`);
    const account = await accountOf(marta);
    expect(account).toMatchObject({ emailVerified: true, emailVerifiedBy: common.AddressProof.INVITATION });
    const at = account?.emailVerifiedAt;
    expect(at && timestampDate(at) >= new Date(Date.now() - 60_000)).toBe(true);
    const session = await running.gateway.sessions.resolveSession({ sessionToken: marta.sessionToken });
    const token = await running.gateway.sessions.resolvePersonalToken({ personalToken: marta.personalToken });
    for (const { principalToken } of [session, token])
      expect(decodeJwt(principalToken).payload).toMatchObject({
        email_verified: true,
        email_verified_by: 'invitation',
      });
  });

  it('changes nothing the second time, and is written into the trail once, with the invitation', async () => {
    const marta = await signUp(running);
    const invitationId = randomUUID();
    await Promise.all([prove(marta, marta.email, invitationId), prove(marta, marta.email, invitationId)]);
    const first = await accountOf(marta);
    await prove(marta);
    expect((await accountOf(marta))?.emailVerifiedAt).toEqual(first?.emailVerifiedAt);
    expect(await auditOf(marta)).toEqual([{ by: 'invitation', invitationId }]);
  });

  it('tells gateways at once that what they remember of the person is over', async () => {
    const marta = await signUp(running);
    const bus = await running.busAs('gateway');
    const told = new Promise<string>((resolve) =>
      bus.subscribe(broadcasts.accountChanged, (data) => resolve(fromBinary(common.AccountChangedSchema, data).userId)),
    );
    await bus.ping();
    await prove(marta);
    expect(await told).toBe(marta.id);
  });

  it('proves no address but the caller’s own, and nothing about anybody else', async () => {
    const [marta, ben] = [await signUp(running), await signUp(running)];
    expect(await reasonOf(prove(marta, ben.email))).toBe('NOT_FOUND');
    expect(await reasonOf(prove(marta, 'not an address'))).toBe('NOT_FOUND');
    for (const person of [marta, ben]) expect(await accountOf(person)).toMatchObject({ emailVerified: false });
    await running.sql.query('delete from "user" where id = $1', [ben.id]);
    expect(await reasonOf(prove(ben))).toBe('UNAUTHENTICATED');
  });
});
