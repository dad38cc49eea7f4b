import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { ConfigError, parseConfig } from '@conclave/platform';
import { configSchema } from './config.js';

const pem = (curve: string) =>
  generateKeyPairSync('ec', { namedCurve: curve }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const complete: Record<string, string> = {
  INTERNAL_HOST: '127.0.0.1',
  INTERNAL_PORT: '7101',
  NATS_URL: 'nats://127.0.0.1:4222',
  NATS_NKEY_SEED: 'SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY',
  PUBLIC_URL: 'https://conclave.test',
  DATABASE_URL: 'postgres://auth@127.0.0.1:5432/auth',
  DATABASE_PASSWORD: 'canary-password',
  TOKEN_PEPPER: randomBytes(32).toString('base64'),
  SIGNING_KEY: pem('P-256'),
};
const problems = (changes: Record<string, string | undefined>) => {
  try {
    parseConfig(configSchema, { ...complete, ...changes });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const value of Object.values(changes)) if (value) expect(error.message).not.toContain(value);
    return error.problems.map(({ key }) => key);
  }
};

describe('the configuration of auth', () => {
  it('has lifetimes for sessions by default, and nothing else that matters', () => {
    expect(parseConfig(configSchema, complete)).toMatchObject({
      SESSION_IDLE_SECONDS: 43_200,
      SESSION_ABSOLUTE_SECONDS: 604_800,
    });
  });

  it('has no secret by default: every one that is missing is named at once', () => {
    const secrets = ['NATS_NKEY_SEED', 'DATABASE_PASSWORD', 'TOKEN_PEPPER', 'SIGNING_KEY'];
    expect(problems(Object.fromEntries(secrets.map((key) => [key, undefined])))).toEqual(
      expect.arrayContaining(secrets),
    );
  });

  it.each([
    ['a pepper that is too short', 'TOKEN_PEPPER', randomBytes(16).toString('base64')],
    ['a key of another curve', 'SIGNING_KEY', pem('P-384')],
    ['a key that is none', 'SIGNING_KEY', 'secret-secret-secret'],
    ['a previous key that is none', 'SIGNING_KEY_PREVIOUS', 'secret-secret-secret'],
    ['a password in the URL', 'DATABASE_URL', 'postgres://auth:hunter2@127.0.0.1/auth'],
    ['a session without end', 'SESSION_ABSOLUTE_SECONDS', '59'],
  ])('stops at %s and does not repeat it', (_what, key, value) => {
    expect(problems({ [key]: value })).toEqual([key]);
  });

  it('takes the previous key as its public half too', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const SIGNING_KEY_PREVIOUS = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    expect(parseConfig(configSchema, { ...complete, SIGNING_KEY_PREVIOUS }).SIGNING_KEY_PREVIOUS?.type).toBe('public');
  });
});
