import type { ServiceName } from '@conclave/contracts';
import { Bus, RepeatableStore } from '@conclave/messaging';
import { Clock, FollowingClock, HealthRegistry, Ids, Logger, Metrics, OperatorError } from '@conclave/platform';
import { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { type DynamicModule, Inject, Module, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { Attempts } from './attempts/attempts.js';
import { feedController } from './feed/feed-controller.js';
import { FeedFollower } from './feed/feed-follower.js';
import { OutboxBell } from './feed/outbox-bell.js';
import { RepeatableCalls } from './idempotency/repeatable-calls.js';
import { migrationLock } from './migrations/migration-lock.js';
import { isSchemaCurrent, runMigrations } from './migrations/run-migrations.js';
import { waitForSchema } from './migrations/wait-for-schema.js';
import { DatabaseTime } from './orm/database-time.js';
import { DatabaseMetrics } from './orm/database-metrics.js';
import { createOrm } from './orm/create-orm.js';
import type { Orm, PersistenceOptions } from './orm/options.js';
import { RequestContextInterceptor } from './orm/request-context.js';
import { waitForDatabase } from './orm/wait-for-database.js';
import { OutboxFeed } from './outbox/outbox-feed.js';
import { NoWakeUp, Outbox, OutboxWakeUp } from './outbox/outbox.js';
import { Transaction } from './transaction/transaction.js';

type Token = string | symbol | (abstract new (...parameters: never[]) => unknown);

/** What the ORM of a connection is injected by, for a factory. */
export const ormToken = (name?: string): Token => (name ? `conclave:orm:${name}` : MikroORM);
const entityManagerToken = (name?: string): Token => (name ? `conclave:em:${name}` : EntityManager);
const transactionToken = (name?: string): Token => (name ? `conclave:transaction:${name}` : Transaction);

/** The ORM of a connection with a name. */
export const InjectOrm = (name?: string) => Inject(ormToken(name));
/** The entity manager of a connection with a name; the main one is injected by its class. */
export const InjectEntityManager = (name?: string) => Inject(entityManagerToken(name));
/** The transaction of a connection with a name; the main one is injected by its class. */
export const InjectTransaction = (name?: string) => Inject(transactionToken(name));

/**
 * A connection of a service: migrates, provides `MikroORM`, `EntityManager`, `Transaction`, and on the main connection, whose
 * clock is the clock of the process, `Outbox`, `OutboxFeed`, `Attempts`, `FeedFollower` and, with the secret `repeats`, the store of repeatable calls. Import it once more with a `name` for a second connection. Needs
 * `PlatformModule`.
 */
@Module({})
export class PersistenceModule {
  /** @param announces whose outbox it is: others may pull it over the bus, are woken, and their feeds can be followed */
  static forRoot(
    options: PersistenceOptions & { readonly announces?: ServiceName; readonly repeats?: Uint8Array },
  ): DynamicModule {
    const { name, announces, repeats } = options;
    const orm = ormToken(name);
    const closer = Symbol(`close ${name ?? 'main'}`);
    const connection: Provider[] = [
      {
        provide: orm,
        useFactory: (...platform: [Logger, HealthRegistry, Metrics]) => connect(options, ...platform),
        inject: [Logger, HealthRegistry, Metrics],
      },
      { provide: closer, useFactory: (instance: Orm) => new Closer(instance), inject: [orm] },
      { provide: entityManagerToken(name), useFactory: (instance: Orm) => instance.em, inject: [orm] },
      { provide: transactionToken(name), useFactory: (instance: Orm) => new Transaction(instance), inject: [orm] },
      {
        provide: APP_INTERCEPTOR,
        useFactory: (instance: Orm) => new RequestContextInterceptor(instance),
        inject: [orm],
      },
    ];
    const exported = [orm, entityManagerToken(name), transactionToken(name)];
    if (name) return { module: PersistenceModule, global: true, providers: connection, exports: exported };
    const events: Provider[] = [
      {
        provide: DatabaseTime,
        useFactory: (instance: Orm, clock: FollowingClock) => DatabaseTime.follow(instance, clock),
        inject: [orm, FollowingClock],
      },
      announces
        ? { provide: OutboxWakeUp, useFactory: (bus: Bus) => new OutboxBell(bus, announces), inject: [Bus] }
        : { provide: OutboxWakeUp, useClass: NoWakeUp },
      {
        provide: Outbox,
        useFactory: (ids: Ids, port: OutboxWakeUp) => new Outbox(ids, port),
        inject: [Ids, OutboxWakeUp],
      },
      { provide: OutboxFeed, useFactory: (instance: Orm) => new OutboxFeed(instance.em), inject: [orm] },
      ...(repeats
        ? [
            {
              provide: RepeatableStore,
              useFactory: (transaction: Transaction, logger: Logger) =>
                new RepeatableCalls(transaction, repeats, logger),
              inject: [Transaction, Logger],
            },
          ]
        : []),
      {
        provide: Attempts,
        useFactory: (instance: Orm, clock: Clock) => new Attempts(instance, clock),
        inject: [orm, Clock],
      },
      ...(announces ? [FeedFollower] : []),
    ];
    return {
      module: PersistenceModule,
      global: true,
      controllers: announces ? [feedController(announces)] : [],
      providers: [...connection, ...events],
      exports: [
        ...exported,
        Outbox,
        OutboxFeed,
        Attempts,
        ...(repeats ? [RepeatableStore] : []),
        ...(announces ? [FeedFollower] : []),
      ],
    };
  }
}

/** Closes the pool when Nest is through with everything that uses it. */
class Closer implements OnApplicationShutdown {
  constructor(private readonly orm: Orm) {}

  async onApplicationShutdown(): Promise<void> {
    await this.orm.close(true);
  }
}

async function connect(
  options: PersistenceOptions,
  logger: Logger,
  health: HealthRegistry,
  metrics: Metrics,
): Promise<Orm> {
  const { name, migrations } = options;
  const role = name ?? 'main';
  const databaseMetrics = DatabaseMetrics.of(metrics);
  const orm = await createOrm(options, databaseMetrics.queriesOf(role));
  await waitForDatabase(orm, logger, role);
  if (migrations.mode === 'wait') {
    await waitForSchema(orm, {
      waiting: (pending) => logger.info('waiting for migrations', { role, count: pending.length }),
    });
  } else {
    const { applied } = await runMigrations(orm, migrationLock(options));
    for (const migration of applied) logger.info('migration applied', { migration, role });
  }
  await databaseMetrics.watchPool(role, orm);
  health.add(name ? `database-${name}` : 'database', () => orm.em.getConnection().execute('select 1'));
  // Asked each time: a newer release may demand at any moment that code as old as this stops.
  health.add(name ? `schema-${name}` : 'schema', async () => {
    if (!(await isSchemaCurrent(orm))) throw new OperatorError('migrations are pending, or the release is too old');
  });
  return orm;
}
