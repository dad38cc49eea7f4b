import { Metrics, SystemClock } from '@conclave/platform';
import { AuthMetrics } from '../metrics/auth-metrics.js';
import { PasswordHasher } from './password-hasher.js';
import { readPassword } from './password.js';

const password = readPassword('correct horse battery');
const other = readPassword('another password');
const hasher = new PasswordHasher(new AuthMetrics(new Metrics('auth'), new SystemClock()));
beforeAll(() => hasher.onModuleInit());

describe('PasswordHasher', () => {
  it('writes argon2id with the parameters we promise, salted', async () => {
    const [one, two] = [await hasher.hash(password), await hasher.hash(password)];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(two).not.toBe(one);
  });

  it('knows the right password and no other', async () => {
    const hash = await hasher.hash(password);
    expect(await hasher.verify(password, hash)).toBe(true);
    expect(await hasher.verify(other, hash)).toBe(false);
  });

  it('does the same work where there is no account', async () => {
    const hash = await hasher.hash(password);
    const time = async (stored: string | undefined) => {
      const started = performance.now();
      await hasher.verify(other, stored);
      return performance.now() - started;
    };
    const [known, unknown]: [number[], number[]] = [[], []];
    for (let i = 0; i < 15; i++) {
      known.push(await time(hash));
      unknown.push(await time(undefined));
    }
    const median = (times: number[]) => times.toSorted((a, b) => a - b)[7] ?? 0;
    // A missing hash would be hundreds of times faster; a busy machine is not.
    expect(median(unknown) / median(known)).toBeGreaterThan(0.5);
    expect(median(unknown) / median(known)).toBeLessThan(2);
    expect(await hasher.verify(password, undefined)).toBe(false);
  });

  it('turns away what is too much at once, with a time to come again, and works on', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 60 }, () => hasher.hash(password)));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(outcomes.length - refused.length).toBe(34);
    for (const { reason } of refused) expect(reason).toMatchObject({ reason: 'BUSY', retryAfterSeconds: 2 });
    await expect(hasher.hash(password)).resolves.toBeDefined();
  });
});
