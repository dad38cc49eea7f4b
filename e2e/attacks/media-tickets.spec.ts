import type { Page } from '@playwright/test';
import WebSocket from 'ws';
import { person } from '../support/api.js';
import { attack } from '../support/attack.js';
import { joinBare, meetingOfTwo } from '../support/bare-participant.js';
import { expect, test } from '../support/journey.js';
import { openRoom } from '../support/rooms.js';
import { openSocket } from '../support/socket.js';

const { ports } = JSON.parse(process.env['CONCLAVE_FACTS'] ?? '{}') as { ports: { livekit: number } };

/** Whether LiveKit itself, past our door, takes a token. */
function livekitTakes(token: string, more = ''): Promise<boolean> {
  const socket = new WebSocket(`ws://127.0.0.1:${ports.livekit}/rtc?access_token=${token}&protocol=16${more}`);
  return new Promise<boolean>((resolve) => {
    socket.once('open', () => resolve(true));
    socket.once('error', () => resolve(false));
  }).finally(() => socket.terminate());
}

/** Everything in what a page heard on its sockets that looks like a token. */
function tokensHeard(page: Page): string[] {
  const tokens: string[] = [];
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      const text = typeof payload === 'string' ? payload : payload.toString('latin1');
      tokens.push(...(text.match(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g) ?? []));
    }),
  );
  return tokens;
}

test('nothing that a browser ever held joins at the media server itself, after a kick or before', async ({
  browser,
}) => {
  let heard: string[] = [];
  const { owner, slug, inside } = await meetingOfTwo(browser, (page) => (heard = tokensHeard(page)));
  const room = (what: string) =>
    inside.page.evaluate((path) => {
      // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the page's global, which no type knows
      return path.split('.').reduce((at, name) => at[name], (window as any).room) as string;
    }, what);
  // LiveKit has handed out its fresh token by now: it does so right behind its greeting.
  await expect.poll(() => room('state')).toBe('connected');
  const held = [...new Set([inside.token, await room('engine.token'), inside.joinId, ...heard])];
  expect(heard).toEqual([]);
  for (const token of held) expect(await livekitTakes(token)).toBe(false);
  expect((await owner.call('POST', `/rooms/${slug}/participants/${inside.joinId}/remove`)).status).toBe(200);
  await attack("a kicked person's credentials at the media server's own port", 6, async () => {
    for (const token of held) if (await livekitTakes(token)) return true;
    return false;
  });
});

test('nobody makes a ghost of themselves beside themselves', async ({ browser }) => {
  const owner = await person('Aylin Kaya');
  const { slug } = await openRoom(owner);
  const { token } = await joinBare(browser, owner, slug);
  const ways = ['publish=x', 'auto_subscribe=1&publish=x', 'publish=', 'attributes=e30', 'sdk=js&sdk=js&publish=x'];
  await attack('a ghost by ?publish=x through our door', 2, async (round) => {
    for (const way of ways) {
      const socket = openSocket(`/rtc?access_token=${token}&protocol=15&${way}&version=${round}`, owner);
      const opened = await Promise.race([socket.opened.then(() => true), socket.ended.then(() => false)]);
      socket.close();
      if (opened) return true;
    }
    return false;
  });
});
