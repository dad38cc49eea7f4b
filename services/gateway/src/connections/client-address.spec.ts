import type { IncomingMessage } from 'node:http';
import { ClientAddress, limitKey } from './client-address.js';

const request = (remoteAddress: string, forwarded?: string): IncomingMessage =>
  ({ socket: { remoteAddress }, headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded } }) as never;

describe('client address', () => {
  it('ignores forwarded headers unless a proxy is trusted', () => {
    expect(new ClientAddress([]).of(request('203.0.113.9', '1.2.3.4'))).toBe('203.0.113.9');
    expect(new ClientAddress(['10.0.0.0/8']).of(request('203.0.113.9', '1.2.3.4'))).toBe('203.0.113.9');
  });

  it('takes the nearest hop that is not ours', () => {
    const address = new ClientAddress(['10.0.0.0/8', 'fd00::/8']);
    expect(address.of(request('10.1.1.1', '6.6.6.6, 198.51.100.7, 10.2.2.2'))).toBe('198.51.100.7');
    expect(address.of(request('::ffff:10.1.1.1', '198.51.100.7'))).toBe('198.51.100.7');
  });

  it('falls back to the proxy where the header is nonsense', () => {
    expect(new ClientAddress(['10.0.0.0/8']).of(request('10.1.1.1', '<script>'))).toBe('10.1.1.1');
    expect(new ClientAddress(['10.0.0.0/8']).of(request('10.1.1.1'))).toBe('10.1.1.1');
  });

  it('limits IPv6 by its first 64 bits', () => {
    expect(limitKey('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2');
    expect(limitKey('2001:db8:1:2::9')).toBe('2001:db8:1:2');
    expect(limitKey('::1')).toBe('0:0:0:0');
    expect(limitKey('203.0.113.9')).toBe('203.0.113.9');
  });
});
