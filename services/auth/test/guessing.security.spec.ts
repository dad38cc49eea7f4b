import { Clock } from '@conclave/platform';
import { holdClock } from '@conclave/testing';
import { freshAddress, hashesOf, runAuth, signUp, type RunningAuth } from './support/running-auth.js';
import { reasonOf } from './support/refusal.js';

let running: RunningAuth;
beforeAll(async () => {
  running = await runAuth();
}, 120_000);

describe('guessing at a password', () => {
  it('gets a handful of looks however many guesses come at one moment, and the owner still signs in', async () => {
    const { email, password, id, deviceToken } = await signUp(running);
    const clientAddress = freshAddress();
    const reasons: string[] = [];
    const hashesBefore = await hashesOf(running);
    // At one moment, however long this machine takes for a hundred hashes.
    const clock = holdClock(running.service.app.get(Clock));
    for (let round = 0; round < 4; round++) {
      const guesses = Array.from({ length: 25 }, (_, i) =>
        reasonOf(
          running.gateway.sessions.createSession({
            email,
            password: `guess ${round} ${i}`,
            userAgent: 'x',
            clientAddress,
          }),
        ),
      );
      reasons.push(...(await Promise.all(guesses)));
      clock.advance(0.5);
    }
    clock.release();
    expect(reasons.filter((reason) => reason === 'CREDENTIALS_WRONG').length).toBeLessThanOrEqual(8);
    // Who waits gets no look, and costs no hash.
    const looks = reasons.filter((reason) => reason === 'CREDENTIALS_WRONG').length;
    expect((await hashesOf(running)) - hashesBefore).toBe(looks);
    expect(reasons.filter((reason) => reason === 'RATE_LIMITED').length).toBeGreaterThanOrEqual(90);
    await expect(running.gateway.sessions.createSession({ email, password, deviceToken })).resolves.toMatchObject({
      account: { id },
    });
  });

  it('leaves nothing in the counts that tells whose account or which network', async () => {
    const { email } = await signUp(running);
    await reasonOf(
      running.gateway.sessions.createSession({ email, password: 'wrong guess', clientAddress: '203.0.113.77' }),
    );
    const { rows } = await running.sql.query('select key from attempt');
    const text = JSON.stringify(rows);
    expect(rows.length).toBeGreaterThan(0);
    expect(text).not.toContain(email.split('@')[0]);
    expect(text).not.toContain('203.0.113');
  });
});
