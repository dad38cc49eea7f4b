import { Metrics, SystemClock } from '@conclave/platform';
import { AuthMetrics } from '../metrics/auth-metrics.js';
import { PasswordHasher } from './password-hasher.js';
import { readPassword } from './password.js';

const password = readPassword('correct horse battery');
const other = readPassword('another password');
const metrics = new Metrics('auth');
const hasher = new PasswordHasher(new AuthMetrics(metrics, new SystemClock()));

const anybody = { person: '', network: '', known: false };

/** How many passwords were hashed or checked so far. */
const hashes = async () => Number(/^auth_hash_duration_seconds_count (\d+)/m.exec(await metrics.text())?.[1]);

beforeAll(() => hasher.onModuleInit());

describe('PasswordHasher', () => {
  it('writes argon2id with the parameters we promise, salted', async () => {
    const [one, two] = [await hasher.hash(password, anybody), await hasher.hash(password, anybody)];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(two).not.toBe(one);
  });

  it('knows the right password and no other', async () => {
    const hash = await hasher.hash(password, anybody);
    expect(await hasher.verify(password, hash, anybody)).toBe(true);
    expect(await hasher.verify(other, hash, anybody)).toBe(false);
  });

  it('does the same work where there is no account', async () => {
    const hash = await hasher.hash(password, anybody);
    const before = await hashes();
    expect(await hasher.verify(other, hash, anybody)).toBe(false);
    expect(await hashes()).toBe(before + 1);
    expect(await hasher.verify(password, undefined, anybody)).toBe(false);
    expect(await hashes()).toBe(before + 2);
    // How long the two take, as a ratio: bench/ratios/a1-unknown-account.mjs.
  });

  it('turns away what is too much at once, with a time to come again, and works on', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 60 }, (_, i) => hasher.hash(password, { ...anybody, network: `198.51.100.${i}` })),
    );
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(outcomes.length - refused.length).toBe(34);
    for (const { reason } of refused) expect(reason).toMatchObject({ reason: 'BUSY', retryAfterSeconds: 2 });
    await expect(hasher.hash(password, anybody)).resolves.toBeDefined();
  });

  it('gives one network half of the queue at most, and people whose browser is known a queue of their own', async () => {
    const flood = Array.from({ length: 40 }, () => hasher.hash(password, { ...anybody, network: '203.0.113.7' }));
    const owner = hasher.verify(password, undefined, { person: 'owner', network: '203.0.113.7', known: true });
    const other = hasher.hash(password, { ...anybody, network: '198.51.100.1' });
    await expect(Promise.all([owner, other])).resolves.toBeDefined();
    const outcomes = await Promise.allSettled(flood);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(18);
  });
});
