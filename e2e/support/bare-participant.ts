import { createRequire } from 'node:module';
import type { Browser, Page } from '@playwright/test';
import { baseUrl, person, type Caller } from './api.js';
import { carryCookie } from './app.js';
import { invite, openRoom } from './rooms.js';

const clientScript = createRequire(import.meta.url)
  .resolve('livekit-client')
  .replace(/[^/]+$/, 'livekit-client.umd.js');

/** A participant without our app: a page of our origin with a plain LiveKit client in it. */
export interface BareParticipant {
  readonly page: Page;
  readonly joinId: string;
  /** The ticket for the media door. */
  readonly token: string;
  /** Tries to connect with a ticket; the words of the failure, or undefined when it is inside. */
  connect(token: string): Promise<string | undefined>;
  disconnect(): Promise<void>;
}

interface Entry {
  readonly joinId: string;
  readonly token: string;
}

/** A page that carries this person's cookie and the LiveKit client, not connected yet. */
export async function barePage(
  browser: Browser,
  caller: Caller,
): Promise<Pick<BareParticipant, 'page' | 'connect' | 'disconnect'>> {
  const context = await browser.newContext({ bypassCSP: true, permissions: ['camera', 'microphone'] });
  await carryCookie(context, caller);
  const page = await context.newPage();
  await page.goto(`${baseUrl()}/api/v1/openapi.json`);
  await page.addScriptTag({ path: clientScript });
  return {
    page,
    connect: (token) =>
      page.evaluate(
        async ([url, jwt]) => {
          // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the page's global, which no type knows
          const scope = window as any;
          scope.room = new scope.LivekitClient.Room();
          try {
            await scope.room.connect(url, jwt, { maxRetries: 0, websocketTimeout: 5000, peerConnectionTimeout: 8000 });
            return undefined;
          } catch (error) {
            return String(error);
          }
        },
        [baseUrl().replace(/^http/, 'ws'), token] as const,
      ),
    disconnect: () =>
      page.evaluate(async () => {
        // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
        await (window as any).room?.disconnect();
      }),
  };
}

/** Enters a room and is inside when the promise resolves; `before` sees the page before it connects. */
export async function joinBare(
  browser: Browser,
  caller: Caller,
  slug: string,
  door: object = {},
  before: (page: Page) => void = () => undefined,
): Promise<BareParticipant> {
  const { status, body } = await caller.call<Entry>('POST', `/rooms/${slug}/entry`, door);
  if (status !== 200) throw new Error(`entry answered ${status}: ${JSON.stringify(body)}`);
  const bare = await barePage(browser, caller);
  before(bare.page);
  const failure = await bare.connect(body.token);
  if (failure) throw new Error(failure);
  return { ...bare, joinId: body.joinId, token: body.token };
}

/** A meeting of its owner and an invited guest, both inside without our app; `before` sees the guest's page before it connects. */
export async function meetingOfTwo(
  browser: Browser,
  before?: (page: Page) => void,
): Promise<{ owner: Caller; guest: Caller; slug: string; inside: BareParticipant }> {
  const [owner, guest] = [await person('Aylin Kaya'), await person('Tom Strand')];
  const { slug } = await openRoom(owner);
  await invite(owner, slug, guest);
  await joinBare(browser, owner, slug);
  return { owner, guest, slug, inside: await joinBare(browser, guest, slug, {}, before) };
}
