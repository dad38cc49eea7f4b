import { randomUUID } from 'node:crypto';
import { withApp } from './support/factors.js';
import {
  codeIn,
  askToSignUp,
  mailTo,
  runMailingAuth,
  signUpByMail,
  tokenIn,
  type MailingAuth,
} from './support/mailed.js';
import { reasonOf, refusalOf } from './support/refusal.js';
import { freshAddress } from './support/running-auth.js';

let running: MailingAuth;
beforeAll(async () => {
  running = await runMailingAuth();
}, 120_000);

type Somebody = Awaited<ReturnType<typeof signUpByMail>>;
const somebody = () => `${randomUUID()}@berg-partner.example`;
const password = 'correct horse battery';
const change = (person: Somebody, email: string, typed = password) =>
  running.gateway.addresses.changeAddress({ email, password: typed, clientAddress: freshAddress() }, person.as);
const confirm = (person: Somebody, proof: object) => running.gateway.addresses.confirmAddress(proof, person.as);
const goBack = (token: string) => running.gateway.addresses.returnAddress({ token });
const addressOf = async (person: Somebody) =>
  (await running.sql.query<{ email: string }>('select email from "user" where id = $1', [person.id])).rows[0]?.email;

/** A person whose address was changed, the new one, and the way back that the old one got. */
async function moved() {
  const marta = await signUpByMail(running, somebody());
  const email = somebody();
  await change(marta, email);
  await confirm(marta, { code: codeIn((await mailTo(running, email)).text) });
  const { subject, text } = await mailTo(running, marta.email, 2);
  return { marta, email, subject, back: tokenIn(text, 'cnv_adb_') };
}

describe('a change of address', () => {
  it('asks for the password, changes nothing before the proof, and tells the address before', async () => {
    const marta = await signUpByMail(running, somebody());
    const email = somebody();
    expect(await reasonOf(change(marta, email, 'not the password'))).toBe('CREDENTIALS_WRONG');
    await change(marta, email);
    expect(await addressOf(marta)).toBe(marta.email);
    const { text } = await mailTo(running, email);
    const { account } = await confirm(marta, { code: codeIn(text) });
    expect(account).toMatchObject({ email, emailVerified: true });
    expect((await mailTo(running, marta.email, 2)).subject).toBe('Your account at Conclave has another address now');
  });

  it('takes the link from nobody but the account that asked, and the code five times', async () => {
    const [marta, ben] = [await signUpByMail(running, somebody()), await signUpByMail(running, somebody())];
    const email = somebody();
    await change(marta, email);
    const { text } = await mailTo(running, email);
    const token = tokenIn(text, 'cnv_adr_');
    for (const proof of [{ token }, { code: codeIn(text) }])
      expect(await reasonOf(confirm(ben, proof))).toBe('MAIL_PROOF_OVER');
    expect(await refusalOf(confirm(marta, { code: '' }))).toMatchObject({
      reason: 'MAIL_CODE_WRONG',
      details: { attemptsLeft: '4' },
    });
    const wrong = await Promise.all(Array.from({ length: 20 }, () => reasonOf(confirm(marta, { code: '' }))));
    expect(wrong.filter((reason) => reason === 'MAIL_CODE_WRONG')).toHaveLength(4);
    await expect(confirm(marta, { token })).resolves.toMatchObject({ account: { email } });
  });

  it('says nothing of whether somebody has the address, tells them, and does not give it away', async () => {
    const [marta, ben] = [await signUpByMail(running, somebody()), await signUpByMail(running, somebody())];
    expect(await change(marta, ben.email)).toEqual(await change(marta, somebody()));
    await change(marta, ben.email);
    const { subject, text } = await mailTo(running, ben.email, 3);
    expect([subject, codeIn(text), tokenIn(text, 'cnv_adr_')]).toEqual([
      'This address has an account at Conclave',
      '',
      '',
    ]);
  });

  it('by one code fifty times at once happens once, and of two who prove one address at one moment one gets it', async () => {
    const email = somebody();
    const people = [await signUpByMail(running, somebody()), await signUpByMail(running, somebody())];
    const proofs: [Somebody, object][] = [];
    for (const [i, person] of people.entries()) {
      await change(person, email);
      const token = tokenIn((await mailTo(running, email, i + 1)).text, 'cnv_adr_');
      for (let n = 0; n < 25; n++) proofs.push([person, { token }]);
    }
    const outcomes = await Promise.allSettled(proofs.map(([person, proof]) => confirm(person, proof)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  }, 60_000);
});

describe('the way back', () => {
  it('gives the address back, puts everybody out, makes the password worthless and mails a link for a new one', async () => {
    const { marta, email, back } = await moved();
    await goBack(back);
    expect(await addressOf(marta)).toBe(marta.email);
    expect(await reasonOf(running.gateway.sessions.resolveSession({ sessionToken: marta.sessionToken }))).toBe(
      'UNAUTHENTICATED',
    );
    for (const address of [marta.email, email])
      expect(
        await reasonOf(
          running.gateway.sessions.createSession({ email: address, password, clientAddress: freshAddress() }),
        ),
      ).toBe('CREDENTIALS_WRONG');
    const token = tokenIn((await mailTo(running, marta.email, 3)).text, 'cnv_rec_');
    await running.gateway.recovery.finishRecovery({ token, password: 'a wholly new password' });
    await expect(
      running.gateway.sessions.createSession({
        email: marta.email,
        password: 'a wholly new password',
        clientAddress: freshAddress(),
      }),
    ).resolves.toMatchObject({ account: { id: marta.id } });
    expect(await reasonOf(goBack(back))).toBe('MAIL_PROOF_OVER');
  });

  it('stays open through further changes, which have none of their own once it was used', async () => {
    const { marta, email, back } = await moved();
    const third = somebody();
    await change(marta, third);
    await confirm(marta, { code: codeIn((await mailTo(running, third)).text) });
    const theirs = tokenIn((await mailTo(running, email, 2)).text, 'cnv_adb_');
    await goBack(back);
    expect(await reasonOf(goBack(theirs))).toBe('MAIL_PROOF_OVER');
    expect(await addressOf(marta)).toBe(marta.email);
  });

  it.each(['before', 'after'])('keeps a factor that was added before the change, and none after: %s', async (when) => {
    const marta = await signUpByMail(running, somebody());
    if (when === 'before') await withApp(running, marta);
    const email = somebody();
    await change(marta, email);
    await confirm(marta, { code: codeIn((await mailTo(running, email)).text) });
    if (when === 'after') await withApp(running, marta);
    await goBack(tokenIn((await mailTo(running, marta.email, 2)).text, 'cnv_adb_'));
    const { rows } = await running.sql.query(
      `select (select count(*)::int from totp_factor where user_id = $1) as apps,
              (select count(*)::int from recovery_code where user_id = $1) as codes`,
      [marta.id],
    );
    expect(rows).toEqual([when === 'before' ? { apps: 1, codes: 10 } : { apps: 0, codes: 0 }]);
  });

  it('keeps the address from others for seven days, and not longer', async () => {
    const { marta, back } = await moved();
    await askToSignUp(running, marta.email);
    expect((await mailTo(running, marta.email, 3)).subject).toBe('You have an account at Conclave already');
    await running.sql.query(`update address_return set expires_at = now() - interval '1 second' where user_id = $1`, [
      marta.id,
    ]);
    expect(await reasonOf(goBack(back))).toBe('MAIL_PROOF_OVER');
    await askToSignUp(running, marta.email);
    expect((await mailTo(running, marta.email, 4)).subject).toBe('Your code for Conclave');
  });

  it('is not opened to an address that was never proven: it may be a stranger’s', async () => {
    const marta = await signUpByMail(running, somebody());
    await running.sql.query(
      `update "user" set email_verified = false, email_verified_by = null, email_verified_at = null where id = $1`,
      [marta.id],
    );
    const email = somebody();
    await change(marta, email);
    await confirm(marta, { code: codeIn((await mailTo(running, email)).text) });
    const { rows } = await running.sql.query('select 1 from address_return where user_id = $1', [marta.id]);
    expect(rows).toEqual([]);
  });

  it('fifty times at once works once', async () => {
    const { back } = await moved();
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => goBack(back)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  }, 60_000);
});

it('proves one’s own address that was only typed', async () => {
  const marta = await signUpByMail(running, somebody());
  await running.sql.query(
    `update "user" set email_verified = false, email_verified_by = null, email_verified_at = null where id = $1`,
    [marta.id],
  );
  await change(marta, marta.email);
  const { account } = await confirm(marta, { code: codeIn((await mailTo(running, marta.email, 2)).text) });
  expect(account).toMatchObject({ email: marta.email, emailVerified: true });
  expect(running.mailbox.store.list(marta.email)).toHaveLength(2);
});
