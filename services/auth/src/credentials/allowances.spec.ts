import { world } from '../../test/world.js';

const device = (address: string, userAgent = 'Firefox') => ({ address, userAgent });
const keys = (of: readonly { key: Buffer }[]) => of.map(({ key }) => key.toString('hex'));

describe('allowances of a sign-in', () => {
  const { allowances } = world();
  const stranger = allowances.forSignIn('a@x.example', device('198.51.100.7'), false);
  const known = allowances.forSignIn('a@x.example', device('198.51.100.7'), true);

  it('count strangers by account and network, and by account alone', () => {
    expect(stranger).toHaveLength(2);
    const elsewhere = allowances.forSignIn('a@x.example', device('198.51.100.8'), false);
    expect(keys(elsewhere)[0]).not.toBe(keys(stranger)[0]);
    expect(keys(elsewhere)[1]).toBe(keys(stranger)[1]);
  });

  it('share nothing between a known device and strangers, so that nobody can lock the owner out', () => {
    expect(keys(stranger)).not.toEqual(expect.arrayContaining(keys(known)));
    expect(known.map(({ limit }) => limit.longestWait)).toEqual([5]);
  });

  it('count a /64 of IPv6 as one network', () => {
    const [one] = keys(allowances.forSignIn('a@x.example', device('2001:db8::1'), false));
    const [same] = keys(allowances.forSignIn('a@x.example', device('2001:db8:0:0:ffff::2'), false));
    const [other] = keys(allowances.forSignIn('a@x.example', device('2001:db8:0:1::1'), false));
    expect(same).toBe(one);
    expect(other).not.toBe(one);
  });

  it('hold no address in the clear', () => {
    const text = Buffer.concat([...stranger, ...known].map(({ key }) => key)).toString('latin1');
    expect(text).not.toContain('x.example');
    expect(text).not.toContain('198.51');
  });
});
