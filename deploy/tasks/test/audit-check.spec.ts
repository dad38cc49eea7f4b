import { createAuditSql, GENESIS, hashOf } from '@conclave/audit';
import { testDatabase, type TestDatabase } from '@conclave/testing';
import type pg from 'pg';
import { task, type Ran } from './support/run.js';

const services = ['auth', 'rooms', 'files'] as const;
type Service = (typeof services)[number];

let trails: Readonly<Record<Service, pg.Client>>;
const env: Record<string, string> = {};

beforeAll(async () => {
  const opened = await Promise.all(services.map(async (service) => [service, await openTrail(service)] as const));
  trails = Object.fromEntries(opened) as Record<Service, pg.Client>;
}, 120_000);
beforeEach(async () => {
  for (const service of services) await tamper(service, 'truncate audit');
  await write('auth', 5);
  await write('rooms', 7);
});

async function openTrail(service: Service): Promise<pg.Client> {
  const database: TestDatabase = await testDatabase(service);
  env[`${service.toUpperCase()}_DATABASE_URL`] = database.url;
  env[`${service.toUpperCase()}_DATABASE_PASSWORD`] = database.password;
  const client = await database.connect('owner');
  for (const sql of createAuditSql()) await client.query(sql);
  return client;
}

/** Rows as a service writes them, after those that are there. */
async function write(service: Service, count: number): Promise<void> {
  const client = trails[service];
  for (let n = 0; n < count; n++) {
    const { rows } = await client.query<{ seq: string; hash: Buffer }>(
      'select seq::text, hash from audit order by seq desc limit 1',
    );
    const link = {
      seq: BigInt(rows[0]?.seq ?? 0) + 1n,
      at: '2026-11-23T02:00:00.123Z',
      actor: 'user:0195f3a4-7c00-7000-8000-000000000001',
      action: 'room.created',
      subject: `room:${n}`,
      detail: { n },
      prevHash: rows[0]?.hash ?? GENESIS,
    };
    await client.query('insert into audit values ($1, $2, $3, $4, $5, $6, $7, $8)', [
      link.seq.toString(),
      link.at,
      link.actor,
      link.action,
      link.subject,
      link.detail,
      link.prevHash,
      hashOf(link),
    ]);
  }
}

/** What somebody with the owner's rights can do: switch the trigger off. */
async function tamper(service: Service, sql: string): Promise<void> {
  await trails[service].query(`alter table audit disable trigger audit_append_only; ${sql};
    alter table audit enable trigger audit_append_only`);
}

const check = (changes: Readonly<Record<string, string>> = {}): Promise<Ran> =>
  task('audit-check', { ...env, ...changes });

describe('audit-check', () => {
  it('says of a whole trail how many rows it has, and what to keep elsewhere', async () => {
    const { code, output } = await check();
    expect(output).toMatch(/^auth: 5 rows, whole; to keep elsewhere: auth:5:[0-9a-f]{64}$/m);
    expect(output).toMatch(/^rooms: 7 rows, whole; to keep elsewhere: rooms:7:[0-9a-f]{64}$/m);
    expect(output).toMatch(/^files: 0 rows, whole$/m);
    expect(output).toContain('the audit trail is whole: 12 rows; 0 checkpoints of before hold');
    expect(code).toBe(0);
  });

  it.each([
    ['a tampered row', `update audit set actor = 'user:other' where seq = 3`, 'rooms: row 3 is not what was written'],
    ['a removed row', 'delete from audit where seq = 4', 'rooms: row 4 is missing: the next one there is 5'],
    [
      'swapped rows',
      'update audit set seq = -seq where seq in (5, 6); update audit set seq = 11 + seq where seq < 0',
      'rooms: row 5 does not follow on the row before it',
    ],
  ])('names %s and ends with 1', async (_what, sql, words) => {
    await tamper('rooms', sql);
    const { code, output } = await check();
    expect(output).toContain(words);
    // The others are looked at all the same.
    expect(output).toContain('auth: 5 rows, whole');
    expect(output).not.toContain('the audit trail is whole');
    expect(code).toBe(1);
  });

  it('names the first bad row of each service, not only of the first one', async () => {
    await tamper('auth', `update audit set detail = '{}' where seq in (2, 4)`);
    await tamper('rooms', 'delete from audit where seq = 1');
    const { output } = await check();
    expect(output).toContain('auth: row 2 is not what was written');
    expect(output).not.toContain('auth: row 4');
    expect(output).toContain('rooms: row 1 is missing');
  });

  it('holds a trail against the checkpoints of before: a cut end and one written anew show', async () => {
    const { output: before } = await check();
    const kept = [...before.matchAll(/to keep elsewhere: (\S+)/g)].map(([, word]) => word).join(',');
    await write('rooms', 2);
    const later = await check({ AUDIT_CHECKPOINTS: kept });
    expect(later.output).toContain('the audit trail is whole: 14 rows; 2 checkpoints of before hold');
    expect(later.code).toBe(0);

    await tamper('rooms', 'delete from audit where seq > 6');
    expect((await check()).code).toBe(0);
    const cut = await check({ AUDIT_CHECKPOINTS: kept });
    expect(cut.output).toContain('rooms: row 7 is missing, and a checkpoint knows it');
    expect(cut.code).toBe(1);

    await write('rooms', 1);
    const anew = await check({ AUDIT_CHECKPOINTS: kept });
    expect(anew.output).toContain('rooms: row 7 fits the rows before it and not its checkpoint');
    expect(anew.code).toBe(1);
  });

  it.each([
    ['a checkpoint that is none', { AUDIT_CHECKPOINTS: 'rooms:7' }, 'AUDIT_CHECKPOINTS: each is service:row:hash'],
    ['a wrong password', { ROOMS_DATABASE_PASSWORD: 'canary-password' }, 'Database rooms at'],
    ['no address', { FILES_DATABASE_URL: '' }, 'FILES_DATABASE_URL'],
  ])('says in words what to mend about %s, and repeats no secret', async (_what, changes, words) => {
    const { code, output } = await check(changes);
    expect(output).toContain(words);
    expect(output).not.toContain('canary');
    expect(code).toBe(1);
  });

  it('changes nothing: it works without the right to', async () => {
    const before = await trails.rooms.query('select * from audit order by seq');
    await check();
    expect((await trails.rooms.query('select * from audit order by seq')).rows).toEqual(before.rows);
  });
});
