// `npm run demo`: fills the running system with two people, a room, messages and files to look around in.
// `npm run demo -- --remove` takes all of it away again. Everything goes through the doors that people use: the two sign up,
// one invites the other by a secret link, both are in the meeting while they write and share.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { adminClient, isAlive } from '@conclave/servers';
import { ensureChromium } from '@conclave/testing/chromium';

const home = join(dirname(dirname(fileURLToPath(import.meta.url))), '.conclave');
const noted = join(home, 'state', 'demo.json');
const say = (line) => void process.stdout.write(`${line}\n`);

/** What a person can do about it; nothing else is said. */
class Refusal extends Error {}

/** Where the system of this checkout runs. */
function running() {
  const file = join(home, 'state', 'run.json');
  const state = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
  if (!state?.ready || !isAlive(state.supervisor.pid))
    throw new Refusal('Conclave does not run from this checkout. Start it first: npm start');
  return state;
}

/** Somebody who uses the API as the app does. */
class Person {
  cookie = '';

  constructor(url, { displayName, email, password, id = '' }) {
    Object.assign(this, { url, displayName, email, password, id });
  }

  async call(method, path, body, headers = {}) {
    const raw = body instanceof Uint8Array;
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        origin: this.url,
        'x-conclave': '1',
        ...(this.cookie && { cookie: this.cookie }),
        ...(body !== undefined && !raw && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: raw || body === undefined ? body : JSON.stringify(body),
    });
    const set = response.headers.getSetCookie().find((line) => line.startsWith('__Host-sid='));
    if (set) this.cookie = set.split(';')[0];
    const text = await response.text();
    const answer = text && response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : {};
    if (!response.ok) throw new Refusal(`${method} ${path} was refused: ${answer.title ?? response.status}`);
    return answer;
  }

  async signUp() {
    const { displayName, email, password } = this;
    const { user } = await this.call('POST', '/account', { displayName, email, password });
    this.id = user.id;
  }

  signIn() {
    return this.call('POST', '/session', { email: this.email, password: this.password });
  }

  share(slug, name, type, bytes) {
    const headers = { 'content-type': type, 'x-file-name': `UTF-8''${encodeURIComponent(name)}` };
    return this.call('POST', `/rooms/${slug}/files`, bytes, headers);
  }
}

/** Puts a person into the meeting by a browser without a face, until it is closed. */
async function enter(browser, person, slug) {
  const { token } = await person.call('POST', `/rooms/${slug}/entry`, {});
  const context = await browser.newContext({ bypassCSP: true, ignoreHTTPSErrors: true });
  const [name, value] = person.cookie.split('=');
  // `__Host-` asks for Secure, which browsers grant to localhost.
  await context.addCookies([
    { name, value, url: person.url.replace(/^http:/, 'https:'), secure: true, sameSite: 'Lax' },
  ]);
  const page = await context.newPage();
  await page.goto(`${person.url}/api/v1/openapi.json`);
  const library = createRequire(new URL('../e2e/package.json', import.meta.url)).resolve('livekit-client');
  await page.addScriptTag({ path: library.replace(/[^/]+$/, 'livekit-client.umd.js') });
  await page.evaluate(
    async ([url, media]) => {
      const { Room } = globalThis.LivekitClient;
      await new Room().connect(url, media);
    },
    [person.url.replace(/^http/, 'ws'), token],
  );
}

const conversation = [
  [0, 'Good morning. The agenda is under View files, next to this chat.'],
  [1, 'Thank you. I have added the budget of the third quarter.'],
  [0, 'Who leaves the meeting sees neither. Try it: leave, and open View files.'],
  [1, 'And whoever takes the disk finds only ciphertext.'],
  [0, 'Let us begin with point one.'],
];

const files = [
  [
    0,
    'Agenda.md',
    'text/markdown',
    '# Board review\n\n1. Figures of the third quarter\n2. The offer from Oslo\n3. Who signs\n',
  ],
  [1, 'Budget Q3.csv', 'text/csv', 'item,planned,spent\nHosting,12000,11380\nTravel,4000,1250\nResearch,30000,31900\n'],
  [
    1,
    'Seating.svg',
    'image/svg+xml',
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 60"><rect x="30" y="20" width="60" height="20" rx="4" fill="none" stroke="#333"/></svg>\n',
  ],
];

async function fill() {
  if (existsSync(noted)) throw new Refusal('The demo is there already. Remove it first: npm run demo -- --remove');
  const { url } = running();
  const { chromium } = createRequire(new URL('../e2e/package.json', import.meta.url))('@playwright/test');
  const executablePath = await ensureChromium((line) => say(`  ..  ${line}`));
  const password = () => randomBytes(12).toString('base64url');
  const mark = randomBytes(3).toString('hex');
  const people = ['Ada Lindqvist', 'Marta Berg'].map(
    (displayName) =>
      new Person(url, {
        displayName,
        email: `${displayName.split(' ')[0].toLowerCase()}.${mark}@demo.example`,
        password: password(),
      }),
  );
  const [ada, marta] = people;
  const note = (rooms) =>
    writeFileSync(
      noted,
      JSON.stringify({
        people: people
          .filter(({ id }) => id)
          .map(({ id, displayName, email, password }) => ({ id, displayName, email, password })),
        rooms,
      }),
      { mode: 0o600 },
    );
  for (const person of people) {
    await person.signUp();
    // At once: whatever comes in between, it can be removed.
    note([]);
  }
  const room = await ada.call('POST', '/rooms', { name: 'Board review' });
  note([room.slug]);
  const { link } = await ada.call('POST', `/rooms/${room.slug}/invitations`, { email: marta.email });
  await marta.call('POST', '/invitations/accept', { token: /cnv_inv_[A-Za-z0-9_-]+/.exec(link)?.[0] });
  say('  ok  two people, a room, an invitation that was accepted by its link');
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    for (const person of people) await enter(browser, person, room.slug);
    for (const [who, text] of conversation) await people[who].call('POST', `/rooms/${room.slug}/messages`, { text });
    for (const [who, name, type, text] of files) await people[who].share(room.slug, name, type, Buffer.from(text));
  } finally {
    await browser.close();
  }
  say(
    `  ok  ${conversation.length} messages and ${files.length} sealed files, written while both were in the meeting\n`,
  );
  say(`Open ${url}/r/${room.slug} and sign in as one of them, in two windows as both:`);
  for (const { displayName, email, password } of people) say(`  ${displayName.padEnd(14)} ${email}   ${password}`);
  say('\nRemove it all again: npm run demo -- --remove');
}

async function remove() {
  if (!existsSync(noted)) throw new Refusal('There is no demo to remove.');
  const { url, processes } = running();
  const { people, rooms } = JSON.parse(readFileSync(noted, 'utf8'));
  const [owner, ...others] = people.map((facts) => new Person(url, facts));
  if (owner) {
    await owner.signIn();
    // Its files and messages are shredded with it.
    for (const slug of rooms) await owner.call('DELETE', `/rooms/${slug}`);
    await owner.call('DELETE', '/session');
  }
  for (const person of others) {
    await person.signIn();
    await person.call('DELETE', '/session');
  }
  const port = processes.find(({ name }) => name === 'postgres')?.port;
  const superuserPassword = readFileSync(join(home, 'secrets/postgres/admin'), 'utf8').trim();
  const client = adminClient({ port, superuserPassword }, 'auth');
  await client.connect();
  try {
    await client.query('delete from "user" where id = any($1)', [people.map(({ id }) => id)]);
  } finally {
    await client.end();
  }
  rmSync(noted);
  say(
    'The demo is gone: its room and files are shredded, its people deleted. The audit trail keeps that they were there.',
  );
}

try {
  await (process.argv.includes('--remove') ? remove() : fill());
} catch (error) {
  process.stderr.write(`${error instanceof Refusal ? error.message : error.stack}\n`);
  process.exitCode = 1;
}
