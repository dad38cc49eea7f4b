import { PersistenceModule } from '@conclave/persistence';
import { HealthRegistry, Metrics, OperatorError, PlatformModule, silentLogger } from '@conclave/platform';
import { testDatabase, type TestDatabase } from '@conclave/testing';
import { EntityManager } from '@mikro-orm/postgresql';
import { Controller, type INestMicroservice, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type CustomTransportStrategy, MessagePattern, Server } from '@nestjs/microservices';
import { firstValueFrom, from } from 'rxjs';
import { setTimeout as pause } from 'node:timers/promises';
import { folder } from './fixtures/database.js';
import { Note } from './fixtures/note.js';

/** Calls handlers the way a transport does, without a wire. */
class DirectTransport extends Server implements CustomTransportStrategy {
  listen(callback: () => void): void {
    callback();
  }
  close(): void {}
  on(): void {}
  unwrap<T>(): T {
    throw new Error('nothing inside');
  }
  async call(pattern: string, data: unknown): Promise<unknown> {
    const handler = this.getHandlerByPattern(pattern);
    return firstValueFrom(from(this.transformToObservable(await handler?.(data, {}))));
  }
}

@Controller()
class Notes {
  constructor(private readonly em: EntityManager) {}

  @MessagePattern('look')
  async look(id: string): Promise<{ manager: number; held: number }> {
    this.em.persist(Note.of(id, id));
    await pause(30);
    const manager = this.em.getContext();
    return { manager: manager._id, held: manager.getUnitOfWork().getPersistStack().size };
  }
}

let app: INestMicroservice;
let database: TestDatabase;
const transport = new DirectTransport();

beforeAll(async () => {
  database = await testDatabase('rooms');
  const { url, password } = database;
  @Module({
    imports: [
      PlatformModule.forRoot({ service: 'rooms', logger: silentLogger() }),
      PersistenceModule.forRoot({
        service: 'rooms',
        entities: [Note],
        database: { url, password },
        migrations: { path: folder('migrations') },
      }),
      PersistenceModule.forRoot({
        service: 'rooms',
        name: 'keys',
        schema: 'keys',
        entities: [],
        database: { url: database.keysUrl ?? '', password: database.keysPassword ?? '' },
        migrations: { path: folder('keys-migrations') },
      }),
    ],
    controllers: [Notes],
  })
  class App {}
  app = await NestFactory.createMicroservice(App, { strategy: transport, logger: false, abortOnError: false });
  await app.listen();
}, 60_000);

describe('PersistenceModule in a service', () => {
  it('two handlers at once have entity managers and identity maps of their own', async () => {
    const ids = ['0195f3a4-7c00-7000-8000-000000000001', '0195f3a4-7c00-7000-8000-000000000002'];
    const answers = (await Promise.all(ids.map((id) => transport.call('look', id)))) as {
      manager: number;
      held: number;
    }[];
    expect(answers.map(({ held }) => held)).toEqual([1, 1]);
    expect(answers[0]?.manager).not.toBe(answers[1]?.manager);
  });

  it('outside of a request the shared entity manager refuses to work', async () => {
    await expect(app.get(EntityManager).findAll(Note)).rejects.toThrow('global EntityManager');
  });

  it('has migrated both schemas, each by its role, and is ready', async () => {
    const health = app.get(HealthRegistry);
    health.markReady();
    const { ready, checks } = await health.report();
    expect(checks).toEqual({ database: 'ok', schema: 'ok', 'database-keys': 'ok', 'schema-keys': 'ok' });
    expect(ready).toBe(true);
  });

  it('shows its pools', async () => {
    const text = await app.get(Metrics).text();
    expect(text).toMatch(/db_pool_idle\{pool="main"\} \d/);
    expect(text).toMatch(/db_pool_waiting\{pool="keys"\} 0/);
    expect(text).toMatch(/db_query_duration_seconds_count\{pool="main"\} [1-9]/);
    expect(text).toMatch(/db_query_duration_seconds_count\{pool="keys"\} [1-9]/);
  });

  it('says by name that the database is gone', async () => {
    const client = await database.connect('superuser');
    const limit = (connections: number) =>
      client.query(`alter database "${database.name}" connection limit ${connections}`);
    await limit(0);
    await client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()',
      [database.name],
    );
    const { ready, failing } = await app.get(HealthRegistry).report();
    await limit(-1);
    const unanswered = ['database', 'database-keys', 'schema', 'schema-keys'];
    expect({ ready, failing: [...failing].sort() }).toEqual({ ready: false, failing: unanswered });
    let recovered = false;
    for (let i = 0; i < 100 && !recovered; i += 1) {
      await pause(50);
      recovered = (await app.get(HealthRegistry).report()).ready;
    }
    expect(recovered).toBe(true);
  });

  it('does not start with a wrong password, and says so at once', async () => {
    @Module({
      imports: [
        PlatformModule.forRoot({ service: 'rooms', logger: silentLogger() }),
        PersistenceModule.forRoot({
          service: 'rooms',
          entities: [],
          database: { url: database.url, password: 'canary' },
          migrations: { path: folder('migrations') },
        }),
      ],
    })
    class Wrong {}
    const boot = NestFactory.createApplicationContext(Wrong, { logger: false, abortOnError: false });
    const error = await boot.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(OperatorError);
    expect(String(error)).not.toContain('canary');
  });

  it('closes its connections when the service ends', async () => {
    await app.close();
    const client = await database.connect('superuser');
    const { rows } = await client.query(
      `select application_name from pg_stat_activity where datname = $1 and application_name like 'conclave-%'`,
      [database.name],
    );
    expect(rows).toEqual([]);
  });
});
