import { redisConfig } from './config.js';

const lines = redisConfig({ port: 7001, password: 'word', folder: '/run/redis' }).split('\n');

describe('the configuration of Redis', () => {
  it('opens it on loopback only, and with the password only', () => {
    expect(lines).toContain('bind 127.0.0.1');
    expect(lines).toContain('requirepass word');
    expect(lines).toContain('protected-mode yes');
  });

  it('keeps nothing', () => expect(lines).toEqual(expect.arrayContaining(['save ""', 'appendonly no'])));
});
