import { createOrm, rows, type Orm } from '@conclave/persistence';
import { onFileEnd, testDatabase } from '@conclave/testing';
import fc from 'fast-check';

describe('rows', () => {
  let orm: Orm;
  beforeAll(async () => {
    const { url, password } = await testDatabase('rooms');
    const migrations = { path: `${import.meta.dirname}/fixtures/migrations` };
    orm = await createOrm({ service: 'rooms', entities: [], database: { url, password }, migrations });
    onFileEnd(() => orm.close(true));
  }, 60_000);

  it('read every time as a Date to the millisecond, whatever the session calls its zone', async () => {
    const em = orm.em.fork();
    const date = fc.date({ min: new Date('1900-01-01'), max: new Date('9999-01-01'), noInvalidDate: true });
    await fc.assert(
      fc.asyncProperty(
        date,
        fc.constantFrom('UTC', 'Asia/Kolkata', 'America/St_Johns', 'Europe/Berlin'),
        async (at, zone) => {
          const [row] = await em.transactional(async (inner) => {
            await inner.execute(`set local timezone to '${zone}'`);
            return rows<{ seenAt: Date }>(inner, 'select ?::timestamptz as "seenAt"', [at.toISOString()]);
          });
          expect(row?.seenAt.toISOString()).toBe(at.toISOString());
        },
      ),
      { numRuns: 60 },
    );
  });

  it('leave what is no time as it is', async () => {
    const [row] = await rows<Record<string, unknown>>(
      orm.em.fork(),
      `select null::timestamptz as "endedAt", 'at' as flat, 7::bigint as seq, true as on`,
    );
    expect(row).toEqual({ endedAt: null, flat: 'at', seq: '7', on: true });
  });

  it('refuse a text under the name of a time', async () => {
    await expect(rows(orm.em.fork(), `select 'soon' as "startAt"`)).rejects.toThrow(TypeError);
  });
});
