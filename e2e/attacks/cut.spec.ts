import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Browser } from '@playwright/test';
import { LastBytes, WatchedReaders } from '@conclave/testing';
import { baseUrl, person, type Caller } from '../support/api.js';
import { attack, triesOf } from '../support/attack.js';
import { joinBare, type BareParticipant } from '../support/bare-participant.js';
import { expect, test } from '../support/journey.js';
import { invite, openRoom, upload } from '../support/rooms.js';

/** More than all buffers on the way hold. */
const size = 48 * 1024 * 1024;
const promisedMs = 2_000;
/** Behind what was promised, for as long as it takes to see that nothing more comes. */
const watchMs = promisedMs + 700;

/** Somebody inside whose place is taken away. */
interface Guest {
  readonly caller: Caller;
  readonly inside: BareParticipant;
}

/** A room with a file. */
interface Stage {
  readonly owner: Caller;
  readonly slug: string;
  readonly fileId: string;
}

const lastBytes = new LastBytes();

/** People come again in every try: so many new accounts of one address would be refused. */
const known = new Map<string, Caller>();

async function somebody(who: string, displayName: string): Promise<Caller> {
  const caller = known.get(who) ?? (await person(displayName));
  known.set(who, caller);
  return caller;
}

async function enter(browser: Browser, { owner, slug }: Pick<Stage, 'owner' | 'slug'>, who: string): Promise<Guest> {
  const caller = await somebody(who, 'Tom Strand');
  await invite(owner, slug, caller);
  return { caller, inside: await joinBare(browser, caller, slug) };
}

async function openStage(browser: Browser, who: string): Promise<Stage> {
  const owner = await somebody(who, 'Aylin Kaya');
  const { slug } = await openRoom(owner);
  await joinBare(browser, owner, slug);
  const { status, body } = await upload(owner, slug, 'plans.bin', randomBytes(size));
  expect(status).toBe(201);
  return { owner, slug, fileId: body.id };
}

/** Takes a place away while three read; whether a byte could leave later than was promised, or a connection did not end by reset. */
async function cutWhileReading(
  what: string,
  { slug, fileId }: Stage,
  headers: Readonly<Record<string, string>>,
  event: () => Promise<{ status: number }>,
): Promise<boolean> {
  const readers = await WatchedReaders.begin(`${baseUrl()}/api/v1/rooms/${slug}/files/${fileId}/content`, headers);
  const partings = await readers.through(event, watchMs, ({ status }) => expect(status, what).toBeLessThan(300));
  lastBytes.add(what, partings);
  const missed = partings.filter(({ end, ms }) => end !== 'reset' || ms > promisedMs);
  if (missed.length > 0) process.stdout.write(`${what}: ${JSON.stringify(missed)}\n`);
  return missed.length > 0;
}

const cookieOf = ({ caller }: Guest) => ({ cookie: caller.cookie });

/** The invitation that somebody came by. */
async function revokeInvitation({ owner, slug }: Stage, { caller }: Guest): Promise<{ status: number }> {
  const { body } = await owner.call<{ items: { id: string; email?: string }[] }>('GET', `/rooms/${slug}/invitations`);
  const invitation = body.items.find(({ email }) => email === caller.email);
  return owner.call('DELETE', `/rooms/${slug}/invitations/${invitation?.id}`);
}

test('@evidence no byte of a file leaves later than two seconds after its reader lost the place, however they read', async ({
  browser,
}) => {
  test.setTimeout(120_000 * triesOf(1));
  await attack('bytes after a kick, leave, sign-out, rotation, revoked invitation, end, deletion', 1, async () => {
    const [one, other] = await Promise.all([openStage(browser, 'host'), openStage(browser, 'other host')]);
    const guests = { kick: await enter(browser, one, 'kicked'), leave: await enter(browser, one, 'left') };
    known.delete('signed out');
    const more = {
      signOut: await enter(browser, one, 'signed out'),
      uninvited: await enter(browser, one, 'uninvited'),
    };
    const script = await enter(browser, other, 'script');
    const bearer = { authorization: `Bearer ${script.caller.personalToken}` };
    const { owner, slug } = one;
    const post = (path: string, body?: object) => owner.call('POST', path, body);
    const { password } = script.caller;
    const got = [
      await cutWhileReading('leave', one, cookieOf(guests.leave), () =>
        guests.leave.caller.call('POST', `/rooms/${slug}/leave`, { joinId: guests.leave.inside.joinId }),
      ),
      await cutWhileReading('sign-out', one, cookieOf(more.signOut), () =>
        more.signOut.caller.call('DELETE', '/session'),
      ),
      await cutWhileReading('revoked invitation', one, cookieOf(more.uninvited), () =>
        revokeInvitation(one, more.uninvited),
      ),
      await cutWhileReading('kick', one, cookieOf(guests.kick), () =>
        post(`/rooms/${slug}/participants/${guests.kick.inside.joinId}/remove`),
      ),
      await cutWhileReading('rotated personal token', other, bearer, async () => {
        const rotated = await script.caller.call<{ personalToken: string }>('POST', '/me/personal-token', { password });
        script.caller.personalToken = rotated.body.personalToken;
        return rotated;
      }),
      await cutWhileReading('end of the meeting', other, cookieOf(script), () =>
        other.owner.call('POST', `/rooms/${other.slug}/end`),
      ),
    ];
    const again = await joinBare(browser, script.caller, other.slug);
    got.push(
      await cutWhileReading('deleted room', other, cookieOf({ caller: script.caller, inside: again }), () =>
        other.owner.call('DELETE', `/rooms/${other.slug}`),
      ),
    );
    await owner.call('DELETE', `/rooms/${slug}`);
    for (const context of browser.contexts()) await context.close();
    return got.some(Boolean);
  });
  await lastBytes.report(join(import.meta.dirname, '../../docs/evidence/cut-on-the-wire.md'), [
    'Made by `npm test -- evidence`: the whole product, events by calls of its API, which are over with their answer.',
  ]);
});
