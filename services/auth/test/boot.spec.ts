import { readdir } from 'node:fs/promises';
import { verifyChain } from '@conclave/audit';
import { migrationsFolder } from '@conclave/persistence';
import { bootService } from '@conclave/messaging';
import { parseConfig, silentLogger } from '@conclave/platform';
import { onFileEnd, testDatabase, testNats } from '@conclave/testing';
import { AppModule } from '../src/app.module.js';
import { configSchema } from '../src/config.js';
import { reasonOf } from './support/refusal.js';
import { environment, freshAddress, runAuth, signUp } from './support/running-auth.js';

describe('auth at its start', () => {
  it('is ready over HTTP, with database, schema and bus looked at', async () => {
    const { host, port } = (await runAuth()).service.internal;
    const ready = await fetch(`http://${host}:${port}/readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ checks: { nats: 'ok', database: 'ok', schema: 'ok' } });
    expect((await fetch(`http://${host}:${port}/livez`)).status).toBe(200);
  });

  it('migrates once where several start together', async () => {
    const [database, nats] = await Promise.all([testDatabase('auth'), testNats()]);
    const config = parseConfig(configSchema, environment(database, nats));
    const services = await Promise.all(
      [1, 2, 3].map(() =>
        bootService({
          service: 'auth',
          config,
          module: AppModule.forRoot(config),
          ownSigningKeys: true,
          logger: silentLogger(),
        }),
      ),
    );
    for (const service of services) onFileEnd(() => service.close());
    const { rows } = await (await database.connect()).query('select count(*)::int as n from mikro_orm_migrations');
    const files = await readdir(migrationsFolder(`${import.meta.dirname}/../src`));
    expect(rows).toEqual([{ n: files.length }]);
  });

  it('takes along what the release before has counted', async () => {
    const running = await runAuth();
    const [marta, clientAddress] = [await signUp(running), freshAddress()];
    const attempt = (password: string) =>
      reasonOf(running.gateway.sessions.createSession({ email: marta.email, password, clientAddress }));
    for (let i = 0; i < 3; i++) await attempt('wrong guess');
    await running.sql.query(
      `insert into throttle (key, attempts, blocked_until) select decode(key, 'hex'), attempts, now() + interval '5 minutes' from attempt`,
    );
    await running.sql.query('drop table attempt');
    await running.sql.query(`delete from mikro_orm_migrations where name like '%_attempts'`);
    await running.replica();
    expect(await attempt(marta.password)).toBe('RATE_LIMITED');
  });

  it('keeps an audit chain that holds under many writers', async () => {
    const running = await runAuth();
    for (let round = 0; round < 3; round++) await Promise.all(Array.from({ length: 4 }, () => signUp(running)));
    expect(await verifyChain(async (sql) => (await running.sql.query(sql)).rows)).toMatchObject({
      intact: true,
      rows: 12n,
    });
  });
});
