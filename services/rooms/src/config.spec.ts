import { describe, expect, it } from '@jest/globals';
import { parseConfig } from '@conclave/platform';
import { configSchema } from './config.js';

describe('the configuration', () => {
  it('has no default for a secret, and says everything that is missing at once', () => {
    let message = '';
    try {
      parseConfig(configSchema, {});
    } catch (error) {
      message = (error as Error).message;
    }
    for (const key of [
      'NATS_NKEY_SEED',
      'DATABASE_PASSWORD',
      'KEYS_DATABASE_PASSWORD',
      'TOKEN_PEPPER',
      'KEK_DIR',
      'LIVEKIT_API_SECRET',
      'LIVEKIT_WEBHOOK_SECRET',
    ])
      expect(message).toContain(key);
  });

  it('refuses a short LiveKit secret', () => {
    let message = '';
    try {
      parseConfig(configSchema, { LIVEKIT_API_SECRET: 'secret' });
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toMatch(/LIVEKIT_API_SECRET.*32 characters/);
  });
});
