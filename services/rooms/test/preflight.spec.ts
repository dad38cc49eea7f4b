import { runChecks } from '@conclave/platform';
import { freePort, testLiveKit, type TestLiveKit } from '@conclave/testing';
import { liveKitCheck } from '../src/operator/livekit-preflight.js';

let livekit: TestLiveKit;
beforeAll(async () => (livekit = await testLiveKit()));

const look = async (change: Partial<Record<string, string>> = {}): Promise<{ ok: boolean; words: string }> => {
  let words = '';
  const config = {
    LIVEKIT_URL: livekit.url,
    LIVEKIT_API_KEY: livekit.apiKey,
    LIVEKIT_API_SECRET: livekit.apiSecret,
    LIVEKIT_WEBHOOK_KEY: livekit.webhookKey,
    LIVEKIT_WEBHOOK_SECRET: livekit.webhookSecret,
    ...change,
  };
  const ok = await runChecks([liveKitCheck(config)], (result) => (words = result.words));
  return { ok, words };
};

it('a media server of ours is well', async () => {
  expect(await look()).toEqual({ ok: true, words: 'answers, takes both keys, makes no room by itself' });
});

it('another secret under its key is refused, and not repeated', async () => {
  const secret = 'another secret of more than thirty-two characters';
  const { ok, words } = await look({ LIVEKIT_API_SECRET: secret });
  expect(words).toContain('LiveKit refuses LIVEKIT_API_KEY');
  expect(words).not.toContain(secret);
  expect(ok).toBe(false);
});

it('a webhook key that it does not have', async () => {
  expect((await look({ LIVEKIT_WEBHOOK_KEY: 'nobody' })).words).toContain('LiveKit refuses LIVEKIT_WEBHOOK_KEY');
});

it('a media server that is not there', async () => {
  const { words } = await look({ LIVEKIT_URL: `http://127.0.0.1:${await freePort()}` });
  expect(words).toContain('cannot be reached; check host, port, firewall and NetworkPolicy');
});
