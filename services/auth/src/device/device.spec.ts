import { readDevice } from './device.js';

const read = (clientAddress: string, userAgent = 'Firefox') =>
  readDevice({ userAgent, clientAddress, deviceToken: '' });

describe('a device', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::ffff:198.51.100.7', '198.51.100.7'],
    ['2001:DB8::1', '2001:db8::1'],
    ['', ''],
  ])('with address %j is known by %j', (typed, address) => {
    expect(read(typed).address).toBe(address);
  });

  it('has a browser that is one plain line', () => {
    expect(read('', 'Fire\nfox\u0000 \u202e1').userAgent).toBe('Fire fox 1');
    expect(read('', '').userAgent).toBe('');
  });
});
