import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { Device, type Odd } from './support/device.js';
import { forgetProof, steps, withApp } from './support/factors.js';
import { freshAddress, runAuth, signUp, type RunningAuth, type SignedUp } from './support/running-auth.js';
import { reasonOf, refusalOf } from './support/refusal.js';

const origin = 'https://conclave.test';

let running: RunningAuth;
beforeAll(async () => {
  running = await runAuth();
}, 120_000);

/** A person with a passkey. */
interface WithPasskey extends SignedUp {
  readonly device: Device;
  readonly passkeyId: string;
  readonly recoveryCodes: readonly string[];
}

const add = async (who: SignedUp, device: Device, odd: Odd = {}, name = 'Laptop') => {
  const begun = await running.gateway.factors.beginAddPasskey({}, who.as);
  const made = device.make(begun, odd);
  return running.gateway.factors.addPasskey({ name, passkeyToken: begun.passkeyToken, ...made }, who.as);
};

async function person(): Promise<WithPasskey> {
  const who = await signUp(running);
  const device = new Device(origin);
  const { recoveryCodes } = await add(who, device);
  const { factors } = await running.gateway.factors.listFactors({}, who.as);
  return { ...who, device, recoveryCodes, passkeyId: factors[0]?.id ?? '' };
}

const begin = () => running.gateway.sessions.beginPasskey({});
const finish = (passkeyToken: string, passkey: object, more: object = {}) =>
  running.gateway.sessions.signInByPasskey({ passkeyToken, ...passkey, clientAddress: freshAddress(), ...more });
const signIn = async ({ device }: WithPasskey, odd: Odd = {}, more: object = {}) => {
  const begun = await begin();
  return finish(begun.passkeyToken, device.prove(begun, odd), more);
};
const byPassword = ({ email, password }: SignedUp) =>
  running.gateway.sessions.createSession({ email, password, clientAddress: freshAddress() });

describe('a passkey', () => {
  it('signs its person in without a password, and is on record', async () => {
    const marta = await person();
    const { account, sessionToken } = await signIn(marta);
    expect(account?.id).toBe(marta.id);
    await expect(running.gateway.sessions.resolveSession({ sessionToken })).resolves.toMatchObject({
      userId: marta.id,
    });
    const { rows } = await running.sql.query('select action, detail from audit where subject = $1 order by seq', [
      `user:${marta.id}`,
    ]);
    expect(rows.map(({ action }: { action: string }) => action)).toEqual([
      'sign-up',
      'factor.added',
      'sign-in.succeeded',
    ]);
    expect(rows.at(-1)?.detail).toMatchObject({ factor: 'passkey' });
  });

  it('is the step after the password, and the challenge of that is used up', async () => {
    const marta = await person();
    expect(marta.recoveryCodes).toHaveLength(10);
    const { next, challengeToken, account } = await byPassword(marta);
    expect([account, next]).toEqual([undefined, [steps.PASSKEY, steps.RECOVERY_CODE]]);
    await signIn(marta, {}, { challengeToken });
    const code = marta.recoveryCodes[0] ?? '';
    const again = running.gateway.sessions.takeSignInStep({ challengeToken, step: steps.RECOVERY_CODE, code });
    expect(await reasonOf(again)).toBe('SIGN_IN_EXPIRED');
  });

  it('proves its person again within a session', async () => {
    const marta = await person();
    await forgetProof(running, marta);
    const remove = () => running.gateway.factors.removePasskey({ id: marta.passkeyId }, marta.as);
    expect(await refusalOf(remove())).toMatchObject({
      reason: 'PROOF_REQUIRED',
      details: { by: 'passkey recovery_code' },
    });
    const { passkeyToken, challenge } = await begin();
    await running.gateway.sessions.proveSession({ passkeyToken, passkey: marta.device.prove({ challenge }) }, marta.as);
    await remove();
    expect(await reasonOf(signIn(marta))).toBe('FACTOR_WRONG');
    await expect(byPassword(marta)).resolves.toMatchObject({ account: { id: marta.id } });
  });

  it('is one of several, with names, and beside an app', async () => {
    const marta = await person();
    const other = new Device(origin);
    await add(marta, other, {}, 'Key of the safe');
    await withApp(running, marta);
    const { factors } = await running.gateway.factors.listFactors({}, marta.as);
    expect(factors.map(({ name }) => name)).toEqual(['Laptop', 'Key of the safe', 'Phone']);
    expect((await byPassword(marta)).next).toEqual([steps.PASSKEY, steps.TOTP, steps.RECOVERY_CODE]);
    await expect(signIn({ ...marta, device: other })).resolves.toMatchObject({ account: { id: marta.id } });
  });
});

describe('what is no proof', () => {
  it.each<[string, Odd]>([
    ['another origin', { origin: 'https://evil.test' }],
    ['our host by another scheme', { origin: 'http://conclave.test' }],
    ['another port', { origin: 'https://conclave.test:8443' }],
    ['another host', { host: 'evil.test' }],
    ['a host below ours', { host: 'a.conclave.test' }],
    ['another ceremony', { type: 'webauthn.create' }],
    ['a device that did not verify its person', { verified: false }],
    ['a counter that has been seen', { counter: 1 }],
    ['another key', { key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey }],
    ['another person’s handle', { userHandle: Buffer.from('somebody else').toString('base64url') }],
  ])('is %s', async (_what, odd) => {
    const marta = await person();
    expect(await reasonOf(signIn(marta, odd))).toBe('FACTOR_WRONG');
    await expect(signIn(marta)).resolves.toMatchObject({ account: { id: marta.id } });
  });

  it('is what was signed for another challenge, another browser, or before', async () => {
    const marta = await person();
    const [mine, theirs] = [await begin(), await begin()];
    expect(await reasonOf(finish(theirs.passkeyToken, marta.device.prove(mine)))).toBe('FACTOR_WRONG');
    const signed = marta.device.prove(mine);
    await finish(mine.passkeyToken, signed);
    expect(await reasonOf(finish(mine.passkeyToken, signed))).toBe('FACTOR_WRONG');
    const late = await begin();
    await running.sql.query(`update passkey_challenge set expires_at = now() - interval '1 second'`);
    expect(await reasonOf(finish(late.passkeyToken, marta.device.prove(late)))).toBe('FACTOR_WRONG');
    for (const token of ['', `cnv_pkc_${randomBytes(32).toString('base64url')}`, marta.sessionToken])
      expect(await reasonOf(finish(token, marta.device.prove(mine)))).toBe('FACTOR_WRONG');
  });

  it('is anything that was changed on its way', async () => {
    const marta = await person();
    for (const field of ['credentialId', 'clientData', 'authenticatorData', 'signature'] as const) {
      const begun = await begin();
      const signed = marta.device.prove(begun);
      const bytes = Buffer.from(signed[field], 'base64url');
      bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
      const changed = { ...signed, [field]: bytes.toString('base64url') };
      expect([field, await reasonOf(finish(begun.passkeyToken, changed))]).toEqual([field, 'FACTOR_WRONG']);
      for (const odd of ['x', '%%%', 'AAAA'.repeat(100)])
        expect(await reasonOf(finish((await begin()).passkeyToken, { ...signed, [field]: odd }))).toBe('FACTOR_WRONG');
    }
  });

  it('is one person’s passkey after another’s password, or within another’s session', async () => {
    const [marta, ben] = [await person(), await person()];
    const { challengeToken } = await byPassword(marta);
    expect(await reasonOf(signIn(ben, {}, { challengeToken }))).toBe('FACTOR_WRONG');
    await expect(signIn(marta, {}, { challengeToken })).resolves.toMatchObject({ account: { id: marta.id } });
    await forgetProof(running, marta);
    const { passkeyToken, challenge } = await begin();
    const proof = { passkeyToken, passkey: ben.device.prove({ challenge }) };
    expect(await reasonOf(running.gateway.sessions.proveSession(proof, marta.as))).toBe('FACTOR_WRONG');
  });

  it('wins once of fifty at one moment', async () => {
    const marta = await person();
    const begun = await begin();
    const signed = marta.device.prove(begun);
    const settled = await Promise.allSettled(Array.from({ length: 50 }, () => finish(begun.passkeyToken, signed)));
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('adding a passkey', () => {
  it.each<[string, Odd]>([
    ['for another origin', { origin: 'https://evil.test' }],
    ['for another host', { host: 'evil.test' }],
    ['without verifying its person', { verified: false }],
    ['by what is no making', { type: 'webauthn.get' }],
  ])('is refused %s', async (_what, odd) => {
    const marta = await signUp(running);
    expect(await reasonOf(add(marta, new Device(origin), odd))).toBe('FACTOR_WRONG');
    await expect(running.gateway.factors.listFactors({}, marta.as)).resolves.toMatchObject({ factors: [] });
  });

  it('takes the challenge of its own person, once, and none that was made for signing in', async () => {
    const [marta, ben] = [await signUp(running), await signUp(running)];
    const begun = await running.gateway.factors.beginAddPasskey({}, marta.as);
    const made = new Device(origin).make(begun);
    const request = { name: 'Laptop', passkeyToken: begun.passkeyToken, ...made };
    expect(await reasonOf(running.gateway.factors.addPasskey(request, ben.as))).toBe('FACTOR_WRONG');
    await running.gateway.factors.addPasskey(request, marta.as);
    expect(await reasonOf(running.gateway.factors.addPasskey(request, marta.as))).toBe('FACTOR_WRONG');
    const anybodys = await begin();
    const other = new Device(origin).make({ ...anybodys, userHandle: '' });
    const wrong = { name: 'Laptop', passkeyToken: anybodys.passkeyToken, ...other };
    expect(await reasonOf(running.gateway.factors.addPasskey(wrong, marta.as))).toBe('FACTOR_WRONG');
  });

  it('never takes a key that an account has, nor one without a fresh proof of the person', async () => {
    const [marta, ben] = [await person(), await signUp(running)];
    expect(await reasonOf(add(ben, marta.device))).toBe('CONFLICT');
    // The device took the other's handle when it made the key again; whose it was before, it proves still.
    const userHandle = Buffer.from(marta.id).toString('base64url');
    await expect(signIn(marta, { userHandle })).resolves.toMatchObject({ account: { id: marta.id } });
    await forgetProof(running, ben);
    expect(await reasonOf(running.gateway.factors.beginAddPasskey({}, ben.as))).toBe('PROOF_REQUIRED');
    const { principalToken } = await running.gateway.sessions.resolvePersonalToken({
      personalToken: ben.personalToken,
    });
    const byToken = running.gateway.factors.beginAddPasskey({}, { principal: principalToken });
    expect(await reasonOf(byToken)).toBe('PERMISSION_DENIED');
  });
});
