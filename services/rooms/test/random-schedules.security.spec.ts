import { rooms } from '@conclave/contracts';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { presenceCacheMs } from '../src/presence/presence-cache.js';
import { join, type Connected } from './support/join.js';
import { eventually, openStage, refusal, type Actor, type Stage } from './support/stage.js';

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const steps = Number(process.env['STEPS'] ?? 40);

/** Mulberry32: small, seedable, good enough to pick steps. */
function randomFrom(start: number): (below: number) => number {
  let state = start >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

interface Guest {
  readonly actor: Actor;
  tabs: Connected[];
  removed: boolean;
  readonly oldTokens: string[];
}

let stage: Stage;
let owner: Actor;
let slug: string;
beforeAll(async () => {
  stage = await openStage();
  await stage.replica();
  owner = stage.person();
  slug =
    (await owner.rooms.createRoom({ name: 'Random', accessLevel: rooms.AccessLevel.ORGANISATION })).room?.slug ?? '';
}, 180_000);

const proof = ({ userId, sessionId }: Actor): Promise<string> =>
  refusal(stage.presence.provePresence({ roomSlug: slug, userId, sessionId }));

describe(`random schedules (SEED=${seed} STEPS=${steps})`, () => {
  it('nobody is present outside, and nobody comes back with an old token', async () => {
    const pick = randomFrom(seed);
    const guests: Guest[] = Array.from({ length: 3 }, () => ({
      actor: stage.person(),
      tabs: [],
      removed: false,
      oldTokens: [],
    }));
    const forget = (guest: Guest, tabs: readonly Connected[]): void => {
      guest.oldTokens.push(...tabs.map(({ ticket }) => ticket));
      guest.tabs = guest.tabs.filter((tab) => !tabs.includes(tab));
    };
    const history: string[] = [];

    for (let step = 0; step < steps; step++) {
      const number = pick(guests.length);
      const guest = guests[number] as Guest;
      const [tab] = guest.tabs;
      const action = ['enter', 'enter', 'leave', 'remove', 'invite', 'close', 'end'][pick(7)] as string;
      history.push(`${action} ${number}`);
      if (action === 'enter' && guest.removed)
        expect(await refusal(guest.actor.entry.requestEntry({ slug }))).toBe('REMOVED_FROM_ROOM');
      if (action === 'enter' && !guest.removed && guest.tabs.length < 2)
        guest.tabs.push(await join(stage, guest.actor, slug));
      if (action === 'leave' && tab) {
        await guest.actor.entry.leave({ slug, joinId: tab.joinId });
        forget(guest, [tab]);
      }
      if (action === 'remove' && tab) {
        await owner.participants.removeParticipant({ slug, joinId: tab.joinId });
        guest.removed = true;
        forget(guest, guest.tabs);
        // Whoever comes for the first time would wait for the host: that is another spec's.
        await owner.lobby.setNewcomersWait({ slug, wait: false });
      }
      if (action === 'invite') {
        await owner.invitations.createInvitation({ slug, email: guest.actor.email });
        guest.removed = false;
      }
      if (action === 'close' && tab) {
        await tab.disconnect();
        // The admission still holds, so the same browser could come back; without the connection it proves nothing.
        guest.tabs = guest.tabs.filter((other) => other !== tab);
        if (guest.tabs.length === 0) await eventually(async () => expect(await proof(guest.actor)).toBe('NOT_PRESENT'));
        // Nobody said that this tab leaves: the other replica may believe the media server's last answer for as long as it may.
        await new Promise((resolve) => setTimeout(resolve, presenceCacheMs));
      }
      if (action === 'end') {
        await owner.participants.endMeeting({ slug });
        for (const other of guests) forget(other, other.tabs);
      }

      for (const { actor, tabs, oldTokens } of guests) {
        const inside = tabs.length > 0;
        const look = async () =>
          expect({ history, proof: await proof(actor) }).toMatchObject({
            proof: inside ? 'nothing was refused' : 'NOT_PRESENT',
          });
        // Outside is true at once; inside may take the media server a moment.
        if (inside) await eventually(look);
        else await look();
        for (const ticket of oldTokens.slice(-3))
          expect(['ADMISSION_ENDED', 'UNAUTHENTICATED']).toContain(
            await refusal(actor.entry.authorizeMedia({ ticket })),
          );
      }
    }
  }, 240_000);
});
