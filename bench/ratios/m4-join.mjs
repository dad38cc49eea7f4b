/**
 * M4: from the click on Join to the first picture of somebody else, in our app, against a bare page with livekit-client on the
 * same media server. Both pages hold camera and microphone before the click, as a person who looks at the preview does.
 */
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { chromiumPath } from '@conclave/testing/chromium';

const umd = createRequire(import.meta.url)
  .resolve('livekit-client')
  .replace(/[^/]+$/, 'livekit-client.umd.js');

const barePage = (
  url,
) => `<!doctype html><title>bare</title><script src="/client.js"></script><button>Join the meeting</button><script>
let tracks;
LivekitClient.createLocalTracks({ audio: true, video: true }).then((made) => { tracks = made; document.title = 'ready'; });
document.querySelector('button').onclick = async () => {
  const { token } = await (await fetch('/token')).json();
  const room = new LivekitClient.Room({ adaptiveStream: true, dynacast: true });
  room.on('trackSubscribed', (track) => { const element = track.attach(); document.body.append(element); });
  await room.connect(${JSON.stringify(url)}, token);
  for (const track of tracks) void room.localParticipant.publishTrack(track);
};</script>`;

/** Runs in the page: milliseconds from the click to the first frame of a video that is not mirrored, so not our own. */
const clickToFrame = () =>
  new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('no remote frame within 60 s')), 60_000);
    const own = new Set([...document.querySelectorAll('video')]);
    const seen = new Set();
    const button = [...document.querySelectorAll('button')].find((each) =>
      each.textContent.includes('Join the meeting'),
    );
    const started = performance.now();
    const look = () => {
      for (const video of document.querySelectorAll('video')) {
        if (own.has(video) || seen.has(video) || video.closest('[aria-label*="(you)"]')) continue;
        seen.add(video);
        video.requestVideoFrameCallback(() => resolve(performance.now() - started));
      }
    };
    new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
    button.click();
  });

async function prepare() {
  const executablePath = chromiumPath();
  if (!executablePath) return { skipped: 'no Chromium found' };
  const { chromium } = await import('@playwright/test');
  const { AccessToken, RoomServiceClient } = await import('livekit-server-sdk');
  const { testProduct } = await import('@conclave/testing');
  const product = await testProduct();
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      '--no-sandbox',
      '--disable-quic',
      '--disable-background-networking',
    ],
  });
  const secretOf = async (name) => (await readFile(`${product.folder}/secrets/livekit/${name}`, 'utf8')).trim();
  const [key, secret] = [await secretOf('api-key'), await secretOf('api-secret')];

  const person = async (displayName) => {
    const context = await browser.newContext({ baseURL: product.url, permissions: ['camera', 'microphone'] });
    const headers = { origin: product.url, 'x-conclave': '1' };
    const data = { email: `${randomUUID()}@example.test`, password: randomUUID(), displayName };
    const answer = await context.request.post('/api/v1/account', { headers, data });
    if (!answer.ok()) throw new Error(`sign-up answered ${answer.status()}`);
    return { context, headers };
  };
  const host = await person('Aylin Kaya');
  const made = await host.context.request.post('/api/v1/rooms', {
    headers: host.headers,
    data: { name: 'Benchmark', accessLevel: 'organisation' },
  });
  const { slug } = await made.json();
  const hostPage = await host.context.newPage();
  await hostPage.goto(`/r/${slug}`);
  await hostPage.getByRole('button', { name: 'Join the meeting' }).click();
  await hostPage.getByRole('toolbar', { name: 'Meeting controls' }).waitFor();

  // A room of the peer's own: from ours, rooms removes everybody whom it has not admitted.
  const peerRoom = `peer-${randomUUID()}`;
  await new RoomServiceClient(`http://127.0.0.1:${product.ports.livekit}`, key, secret).createRoom({ name: peerRoom });
  const ws = `ws://127.0.0.1:${product.ports.livekit}`;
  const peer = createServer(async (request, response) => {
    if (request.url === '/client.js')
      return response.setHeader('content-type', 'text/javascript').end(await readFile(umd));
    if (request.url !== '/token') return response.setHeader('content-type', 'text/html').end(barePage(ws));
    const token = new AccessToken(key, secret, { identity: randomUUID(), ttl: 60 });
    token.addGrant({ room: peerRoom, roomJoin: true, canPublish: true, canSubscribe: true });
    response.end(JSON.stringify({ token: await token.toJwt() }));
  });
  await new Promise((resolve) => peer.listen(0, '127.0.0.1', resolve));
  const peerUrl = `http://localhost:${peer.address().port}/`;

  const guest = await person('Tom Strand');
  const bare = await browser.newContext({ permissions: ['camera', 'microphone'] });
  const peerHost = await (await browser.newContext({ permissions: ['camera', 'microphone'] })).newPage();
  await peerHost.goto(peerUrl);
  await peerHost.waitForFunction(() => document.title === 'ready');
  await peerHost.getByRole('button').click();
  const ours = async () => {
    const page = await guest.context.newPage();
    try {
      await page.goto(`/r/${slug}`);
      await page.locator('video').first().waitFor();
      await page.waitForFunction(() => document.querySelector('video')?.readyState >= 2);
      return await page.evaluate(clickToFrame);
    } finally {
      await page.close();
    }
  };
  const theirs = async () => {
    const page = await bare.newPage();
    try {
      await page.goto(peerUrl);
      await page.waitForFunction(() => document.title === 'ready');
      return await page.evaluate(clickToFrame);
    } finally {
      await page.close();
    }
  };
  return {
    facts: { chromium: browser.version(), livekit: '1.13.5' },
    ratios: [
      {
        name: 'click on Join to the first remote frame',
        unit: 'ms',
        ours: { label: 'our pre-join page: entry, /rtc door, app', round: ours },
        peer: { label: 'bare livekit-client page, token by fetch, straight to the media server', round: theirs },
        goal: { atMost: 1.05 },
      },
    ],
    close: async () => {
      await browser.close();
      peer.close();
      await product.stop();
    },
  };
}

export default { id: 'M4', title: 'joining a meeting', prepare };
