import { createPublicKey } from 'node:crypto';
import { PrincipalVerifier } from '@conclave/messaging';
import { SystemClock } from '@conclave/platform';
import { newSigningKeyPem, runAuth, signUp, type RunningAuth } from './support/running-auth.js';

let running: RunningAuth;
const previous = newSigningKeyPem();
beforeAll(async () => {
  running = await runAuth({ SIGNING_KEY_PREVIOUS: previous });
}, 120_000);

describe('ListSigningKeys', () => {
  it('lists the present key and the one before it, public halves only', async () => {
    const { keys } = await running.rooms.keys.listSigningKeys({});
    expect(keys).toHaveLength(2);
    const halves = [running.config.SIGNING_KEY, previous].map((key) =>
      createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString(),
    );
    expect(keys.map(({ publicKeyPem }) => publicKeyPem)).toEqual(halves);
  });

  it('is all that another service needs to verify a person', async () => {
    const marta = await signUp(running);
    const verifier = new PrincipalVerifier(
      { list: async () => (await running.rooms.keys.listSigningKeys({})).keys },
      new SystemClock(),
    );
    expect(await verifier.verify(marta.as.principal)).toMatchObject({
      userId: marta.id,
      sessionId: marta.sessionId,
      displayName: marta.displayName,
      email: marta.email,
    });
  });

  it('remembers since when a key signs, across restarts', async () => {
    const read = async () => (await running.sql.query('select kid, first_seen_at from signing_key')).rows;
    const before = await read();
    expect(before).toHaveLength(1);
    await running.replica();
    expect(await read()).toEqual(before);
  });
});
