import { GuessLimits } from './guess-limits.js';
import { TokenDigest } from './token-digest.js';

const device = (address: string, token = 'cnv_dev_one') => ({ address, userAgent: 'Firefox', token });
const keys = (of: readonly { key: string }[]) => of.map(({ key }) => key);

describe('the limits of a sign-in', () => {
  const limits = new GuessLimits(new TokenDigest({ TOKEN_PEPPER: Buffer.alloc(32, 7) }));
  const stranger = limits.forSignIn('a@x.example', device('198.51.100.7'), false);
  const known = limits.forSignIn('a@x.example', device('198.51.100.7'), true);

  it('count strangers by account and network, and by account alone', () => {
    expect(stranger).toHaveLength(2);
    const elsewhere = limits.forSignIn('a@x.example', device('198.51.100.8'), false);
    expect(keys(elsewhere)[0]).not.toBe(keys(stranger)[0]);
    expect(keys(elsewhere)[1]).toBe(keys(stranger)[1]);
  });

  it('share nothing between a known device and strangers, so that nobody can lock the owner out', () => {
    expect(keys(stranger)).not.toEqual(expect.arrayContaining(keys(known)));
    expect(known.map(({ limit }) => limit.longestWaitSeconds)).toEqual([5]);
  });

  it('know a device by its token, wherever it is', () => {
    const moved = limits.forSignIn('a@x.example', device('203.0.113.9'), true);
    expect(keys(moved)).toEqual(keys(known));
    const other = limits.forSignIn('a@x.example', device('198.51.100.7', 'cnv_dev_two'), true);
    expect(keys(other)).not.toEqual(keys(known));
  });

  it('give back only the attempt itself where strangers are counted together: no success hands a guesser a fresh allowance', () => {
    expect(stranger.map(({ success }) => success)).toEqual(['forgets', 'gives back']);
  });

  it('count a /64 of IPv6 as one network', () => {
    const [one] = keys(limits.forSignIn('a@x.example', device('2001:db8::1'), false));
    const [same] = keys(limits.forSignIn('a@x.example', device('2001:db8:0:0:ffff::2'), false));
    const [other] = keys(limits.forSignIn('a@x.example', device('2001:db8:0:1::1'), false));
    expect(same).toBe(one);
    expect(other).not.toBe(one);
  });

  it('are digests: nothing of address or network can be read from them', () => {
    for (const key of keys([...stranger, ...known])) expect(key).toMatch(/^[0-9a-f]{64}$/);
  });
});
