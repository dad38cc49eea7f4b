// `npm run demo`: fills the running system with two people, a room, messages and files to look around in.
// `npm run demo -- --remove` takes all of it away again. Everything goes through the doors that people use: the two sign up,
// one invites the other by a secret link, both are in the meeting while they write and share, by what journeys do it with.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { adminClient, isAlive } from '@conclave/servers';
import { ensureChromium } from '@conclave/testing/chromium';
import { Caller } from './support/api.ts';
import { joinBare } from './support/bare-participant.ts';
import { invite, openRoom, upload } from './support/rooms.ts';

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

/** The answer of a call that must be taken. */
async function taken(call) {
  const { status, body } = await call;
  if (status >= 300) throw new Refusal(`A call was refused: ${body.title ?? status}`);
  return body;
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
  const { url, mailbox } = running();
  // Whoever signs up proves their address by the code in it.
  process.env.CONCLAVE_MAILBOX = mailbox;
  const executablePath = await ensureChromium((line) => say(`  ..  ${line}`));
  process.env.CONCLAVE_URL = url;
  const mark = randomBytes(3).toString('hex');
  const people = ['Ada Lindqvist', 'Marta Berg'].map((displayName) => {
    const email = `${displayName.split(' ')[0].toLowerCase()}.${mark}@demo.example`;
    return new Caller(displayName, email, randomBytes(12).toString('base64url'));
  });
  const [ada, marta] = people;
  const there = [];
  const note = (rooms) => writeFileSync(noted, JSON.stringify({ people: there, rooms }), { mode: 0o600 });
  for (const person of people) {
    const { user } = await person.signUp();
    const { displayName, email, password } = person;
    // At once: whatever comes in between, it can be removed.
    there.push({ id: user.id, displayName, email, password });
    note([]);
  }
  const { slug } = await openRoom(ada);
  note([slug]);
  await invite(ada, slug, marta);
  say('  ok  two people, a room, an invitation that was accepted by its link');
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    for (const person of people) await joinBare(browser, person, slug);
    for (const [who, text] of conversation) await taken(people[who].call('POST', `/rooms/${slug}/messages`, { text }));
    for (const [who, name, type, text] of files) await taken(upload(people[who], slug, name, Buffer.from(text), type));
  } finally {
    await browser.close();
  }
  say(
    `  ok  ${conversation.length} messages and ${files.length} sealed files, written while both were in the meeting\n`,
  );
  say(`Open ${url}/r/${slug} and sign in as one of them, in two windows as both:`);
  for (const { displayName, email, password } of people) say(`  ${displayName.padEnd(14)} ${email}   ${password}`);
  say('\nRemove it all again: npm run demo -- --remove');
}

async function remove() {
  if (!existsSync(noted)) throw new Refusal('There is no demo to remove.');
  const { url, processes } = running();
  const { people, rooms } = JSON.parse(readFileSync(noted, 'utf8'));
  process.env.CONCLAVE_URL = url;
  const callers = people.map(({ displayName, email, password }) => new Caller(displayName, email, password));
  for (const caller of callers) {
    const { email, password } = caller;
    await taken(caller.call('POST', '/session', { email, password }));
    // The first owns the room; its files and messages are shredded with it.
    if (caller === callers[0]) for (const slug of rooms) await taken(caller.call('DELETE', `/rooms/${slug}`));
    await taken(caller.call('DELETE', '/session'));
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
