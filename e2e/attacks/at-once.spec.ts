import { randomInt } from 'node:crypto';
import { person, type Caller } from '../support/api.js';
import { attack } from '../support/attack.js';
import { expect, test } from '../support/journey.js';
import { openLink, openRoom, upload, type Room } from '../support/rooms.js';

const people = 5;
const calls = 200;
const atOnce = 40;

const pick = <T>(all: readonly T[]): T => all[randomInt(all.length)] as T;
const levels = ['invited', 'code', 'invited_and_code', 'organisation'] as const;

interface Stage {
  readonly callers: readonly Caller[];
  rooms: Room[];
  readonly joinIds: string[];
  readonly links: string[];
}

type Act = (who: Caller, room: Room, stage: Stage) => Promise<{ readonly status: number; readonly body: unknown }>;

/** All that people do with a room, each at any moment, whoever they are and whatever has become of the room meanwhile. */
const acts: Readonly<Record<string, Act>> = {
  enter: async (who, { slug, accessCode }, { joinIds }) => {
    const answer = await who.call<{ joinId?: string }>('POST', `/rooms/${slug}/entry`, {
      ...(randomInt(2) > 0 && { accessCode: pick([accessCode, 'wrng-wrng-wrng']) }),
      elsewhere: pick(['move', 'also']),
    });
    if (answer.body.joinId) joinIds.push(answer.body.joinId);
    return answer;
  },
  leave: (who, { slug }, { joinIds }) =>
    who.call('POST', `/rooms/${slug}/leave`, { joinId: joinIds.length > 0 ? pick(joinIds) : 'a'.repeat(32) }),
  door: (who, { slug }) => who.call('GET', `/rooms/${slug}/door`),
  write: (who, { slug }) => who.call('POST', `/rooms/${slug}/messages`, { text: 'at once' }),
  share: (who, { slug }) => upload(who, slug, 'at once.bin', Buffer.alloc(1000)),
  list: (who, { slug }) =>
    who.call('GET', `/rooms/${slug}/${pick(['files', 'messages', 'participants', 'invitations'])}`),
  remove: (who, { slug }, { joinIds }) =>
    who.call('POST', `/rooms/${slug}/participants/${joinIds.length > 0 ? pick(joinIds) : 'a'.repeat(32)}/remove`),
  promote: async (who, { slug }, { callers }) => {
    const { body } = await pick(callers).call<{ id: string }>('GET', '/me');
    return who.call('PATCH', `/rooms/${slug}/members/${body.id}`, { role: pick(['moderator', 'participant']) });
  },
  invite: async (who, { slug }, { callers, links }) => {
    const wish = randomInt(2) > 0 ? { email: pick(callers).email } : {};
    const answer = await who.call<{ link?: string }>('POST', `/rooms/${slug}/invitations`, wish);
    if (answer.body.link) links.push(answer.body.link);
    return answer;
  },
  accept: (who, _room, { links }) => openLink(who, links.length > 0 ? pick(links) : 'http://x/#cnv_inv_x'),
  revoke: async (who, { slug }) => {
    const { body } = await who.call<{ items?: { id: string }[] }>('GET', `/rooms/${slug}/invitations`);
    const id = body.items?.[0]?.id ?? '01890000-0000-7000-8000-000000000000';
    return who.call('DELETE', `/rooms/${slug}/invitations/${id}`);
  },
  hold: (who, { slug }) => who.call('PUT', `/rooms/${slug}/newcomers-wait`, { wait: randomInt(2) > 0 }),
  decide: async (who, { slug }) => {
    const { body } = await who.call<{ items?: { requestId: string }[] }>('GET', `/rooms/${slug}/lobby`);
    const id = body.items?.[0]?.requestId ?? '01890000-0000-7000-8000-000000000000';
    return who.call('POST', `/rooms/${slug}/lobby/${id}/${pick(['admit', 'deny'])}`);
  },
  ask: (who, { slug }) => who.call(pick(['GET', 'DELETE']), `/rooms/${slug}/entry`),
  change: (who, { slug }) => who.call('PATCH', `/rooms/${slug}`, { accessLevel: pick(levels) }),
  code: (who, { slug }) => who.call(pick(['GET', 'PUT', 'DELETE']), `/rooms/${slug}/access-code`),
  end: (who, { slug }) => who.call('POST', `/rooms/${slug}/end`),
  rename: (who) => who.call('PATCH', '/me', { displayName: `Person ${randomInt(1000)}` }),
  remake: async (who, { slug }, stage) => {
    const answer = await who.call('DELETE', `/rooms/${slug}`);
    if (answer.status !== 204) return answer;
    stage.rooms = [
      ...stage.rooms.filter((room) => room.slug !== slug),
      await openRoom(who, { accessLevel: pick(levels) }),
    ];
    return answer;
  },
};

test('nothing that many do at once breaks the server, whoever they are', async () => {
  const callers = await Promise.all(Array.from({ length: people }, (_none, n) => person(`Person ${n}`)));
  const rooms = await Promise.all(callers.slice(0, 3).map((owner) => openRoom(owner, { accessLevel: pick(levels) })));
  const stage: Stage = { callers, rooms, joinIds: [], links: [] };
  const broken: string[] = [];
  await attack(`an answer of 500 to ${calls} calls of ${people} people`, 1, async () => {
    let left = calls;
    const worker = async (): Promise<void> => {
      while (left-- > 0) {
        const name = pick(Object.keys(acts));
        const { status, body } = (await acts[name]?.(pick(callers), pick(stage.rooms), stage)) ?? {
          status: 0,
          body: '',
        };
        if (status === 500 || status === 0) broken.push(`${name}: ${status} ${JSON.stringify(body)}`);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    return broken.length > 0;
  });
  expect(broken).toEqual([]);
});
