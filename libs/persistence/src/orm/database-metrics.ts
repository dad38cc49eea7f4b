import type { Histogram, Metrics } from '@conclave/platform';
import type { QueryObserver } from './observe-queries.js';
import type { Orm } from './options.js';

interface PoolCounts {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/** `db_pool_used`, `db_pool_idle`, `db_pool_waiting` and `db_query_duration_seconds`, by connection (`main`, `keys`). */
export class DatabaseMetrics {
  private static readonly made = new WeakMap<Metrics, DatabaseMetrics>();
  private readonly pools = new Map<string, PoolCounts>();
  private readonly queries: Histogram<'pool'>;

  /** One for all connections of a process: a metric can be registered only once. */
  static of(metrics: Metrics): DatabaseMetrics {
    const known = DatabaseMetrics.made.get(metrics);
    if (known) return known;
    const made = new DatabaseMetrics(metrics);
    DatabaseMetrics.made.set(metrics, made);
    return made;
  }

  private constructor(metrics: Metrics) {
    const gauge = (name: string, help: string, read: (counts: PoolCounts) => number) =>
      metrics.gauge(name, help, ['pool'], (collected) => {
        for (const [pool, counts] of this.pools) collected.set({ pool }, read(counts));
      });
    gauge('db_pool_used', 'Connections in use', ({ totalCount, idleCount }) => totalCount - idleCount);
    gauge('db_pool_idle', 'Connections that wait for work', ({ idleCount }) => idleCount);
    gauge('db_pool_waiting', 'Work that waits for a connection', ({ waitingCount }) => waitingCount);
    this.queries = metrics.histogram('db_query_duration_seconds', 'Queries, until the last row', ['pool']);
  }

  /** For `createOrm`. */
  queriesOf(pool: string): QueryObserver {
    return (seconds) => this.queries.observe({ pool }, seconds);
  }

  async watchPool(pool: string, orm: Orm): Promise<void> {
    this.pools.set(pool, await orm.em.getConnection().getNativeClient());
  }
}
