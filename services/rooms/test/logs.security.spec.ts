import { readFile } from 'node:fs/promises';
import { join as path } from 'node:path';
import { rooms } from '@conclave/contracts';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Reconciler } from '../src/meetings/reconciler.js';
import { join } from './support/join.js';
import { callWith, methods, textFieldsOf } from './support/requests.js';
import { eventually, openStage, type Actor, type Stage } from './support/stage.js';
import { deliverWebhook } from './support/webhook.js';

const canary = 'canary7f3a';

let stage: Stage;
let marta: Actor;
let slug: string;
let accessCode: string;
let joinId: string;
let ticket: string;
let mediaToken: string;
let link: string;
beforeAll(async () => {
  stage = await openStage();
  marta = stage.person({ displayName: `${canary} Name`, email: `${canary}-mail@example.test` });
  const made = await marta.rooms.createRoom({ name: `${canary} Room`, accessLevel: rooms.AccessLevel.CODE });
  slug = made.room?.slug ?? '';
  accessCode = made.accessCode;
  ({ joinId, ticket } = await join(stage, marta, slug));
  ({ mediaToken } = await marta.entry.authorizeMedia({ ticket }));
  await eventually(() => marta.messages.postMessage({ slug, text: `${canary} first words` }));
  ({ link } = await marta.invitations.createInvitation({ slug }));
}, 180_000);

// Last of all what ends the room.
const order = ['EndMeeting', 'DeleteRoom'];
const inOrder = [...methods].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));

/** Each method with each text field full of the canary, alone and all at once; `destroy` also lets them succeed at the end. */
async function everything(): Promise<string[]> {
  const right = { slug, roomSlug: slug, userId: marta.userId, sessionId: marta.sessionId };
  const headers = { principal: marta.token, key: `${canary}-key` };
  const outcomes: string[] = [];
  for (const method of inOrder) {
    const fields = textFieldsOf(method);
    const full = Object.fromEntries(fields.map((field) => [field, `${canary} ${field} with a space`]));
    outcomes.push(await callWith(stage, method, full, headers));
    outcomes.push(await callWith(stage, method, full));
    outcomes.push(await callWith(stage, method, full, { principal: `${canary}.a.b` }));
    for (const field of fields) {
      if (field === 'slug' || order.includes(method.name)) continue;
      const values = { ...right, [field]: `${canary}-${field}` };
      outcomes.push(await callWith(stage, method, values, headers));
    }
  }
  const guest = stage.person({ displayName: `${canary} Guest`, email: `${canary}-guest@example.test` });
  const attempts = await Promise.allSettled([
    marta.messages.postMessage({ slug, text: `${canary} said` }),
    marta.messages.listMessages({ slug }),
    marta.rooms.updateRoom({ slug, name: `${canary} Renamed` }),
    marta.rooms.getRoom({ slug }),
    marta.rooms.listRooms({}),
    marta.codes.getAccessCode({ slug }),
    marta.invitations.createInvitation({ slug, email: `${canary}-invited@example.test` }),
    marta.invitations.listInvitations({ slug }),
    marta.entry.authorizeMedia({ ticket }),
    marta.entry.requestEntry({ slug }),
    marta.participants.muteParticipant({ slug, joinId }),
    guest.entry.requestEntry({ slug, accessCode }),
    guest.entry.requestEntry({ slug, accessCode: `${canary}-code` }),
    guest.invitations.acceptInvitation({ token: link.slice(link.indexOf('#') + 1) }),
    guest.rooms.createRoom({ name: `${canary} Other`, accessCode: 'k7fm-2p9x-wq4d' }, { idempotencyKey: canary }),
  ]);
  await hooks();
  return [
    ...outcomes,
    ...attempts.map((attempt) => (attempt.status === 'fulfilled' ? 'ok' : reasonOf(attempt.reason))),
  ];
}

const reasonOf = (error: unknown): string => (error as { reason?: string }).reason ?? String(error);

/** What somebody at the webhook door may say, signed and not. */
async function hooks(): Promise<void> {
  const { rows } = await stage.sql.query<{ id: string }>(`select id from ${roomTable} where slug = $1`, [slug]);
  const event = {
    event: 'participant_joined',
    id: `EV_${canary}_${Math.random()}`,
    createdAt: '1',
    room: { name: rows[0]?.id ?? canary, metadata: canary },
    participant: { identity: canary, sid: `PA_${canary}`, name: `${canary} Name`, metadata: canary },
  };
  await deliverWebhook(stage, event);
  await deliverWebhook(stage, { ...event, event: `${canary}_event`, id: `EV_${canary}` });
  await deliverWebhook(stage, event, { authorization: `Bearer ${canary}` });
  await deliverWebhook(stage, event, { body: `{"${canary}": ` });
  await stage.service.app
    .get(Reconciler, { strict: false })
    .runOnce()
    .catch(() => undefined);
}

let roomTable = 'room';
const tables = ['message', 'invitation', 'admission', 'room_member', 'idempotency', 'participation', 'room'];

describe('the log', () => {
  it('holds nothing that anybody typed, no secret and no token: when all goes well, when it is refused and when it breaks', async () => {
    const well = await everything();
    expect(well).toContain('ok');
    expect(well.filter((outcome) => outcome === 'INTERNAL')).toEqual([]);

    // Postgres refuses, and its errors quote the whole row.
    for (const table of tables)
      await stage.sql.query(`alter table ${table} add constraint refused check (false) not valid`);
    expect((await everything()).filter((outcome) => outcome === 'INTERNAL').length).toBeGreaterThan(5);
    for (const table of tables) await stage.sql.query(`alter table ${table} drop constraint refused`);

    // Tables are gone, and its errors quote the statement.
    for (const table of tables) await stage.sql.query(`alter table ${table} rename to away_${table}`);
    roomTable = 'away_room';
    expect((await everything()).filter((outcome) => outcome === 'INTERNAL').length).toBeGreaterThan(20);
    for (const table of tables) await stage.sql.query(`alter table away_${table} rename to ${table}`);
    roomTable = 'room';

    await marta.rooms.getRoom({ slug });
    await marta.rooms.deleteRoom({ slug });

    const log = stage.logLines();
    expect(log).toContain('call failed');
    const { config, database, nats, livekit } = stage;
    const kek = await readFile(path(config.KEK_DIR, 'v1'), 'utf8');
    const secrets = {
      canary,
      principal: marta.token,
      'its signature': marta.token.split('.')[2] ?? '',
      'media token': mediaToken,
      'its other signature': mediaToken.split('.')[2] ?? '',
      'access code': accessCode,
      'chosen code': 'k7fm-2p9x-wq4d',
      invitation: link.slice(link.indexOf('#') + 1),
      'the front of an invitation': 'cnv_inv_',
      'database password': database.password,
      'keys password': database.keysPassword ?? 'none',
      'nats seed': nats.seeds.rooms,
      pepper: config.TOKEN_PEPPER.toString('base64'),
      'livekit secret': livekit.apiSecret,
      'webhook secret': livekit.webhookSecret,
      kek: kek.trim(),
      hashes: 'argon2id',
      addresses: '@example.test',
    };
    for (const [name, secret] of Object.entries(secrets)) {
      expect({ name, empty: secret === '' }).toEqual({ name, empty: false });
      const found = log.split('\n').filter((line) => line.includes(secret));
      expect({ name, found }).toEqual({ name, found: [] });
    }
  }, 180_000);

  it('is spared by the trail too', async () => {
    const { rows } = await stage.sql.query<{ row: string }>('select a::text as row from audit a');
    expect(rows.length).toBeGreaterThan(5);
    for (const word of [canary, '@', 'cnv_', accessCode])
      expect(rows.filter(({ row }) => row.includes(word))).toEqual([]);
  });
});
