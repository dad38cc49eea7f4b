import type { Metrics } from '@conclave/platform';
import type { Orm } from './options.js';

interface PoolCounts {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

const observed = new WeakMap<Metrics, Map<string, PoolCounts>>();

/** `db_pool_used`, `db_pool_idle`, `db_pool_waiting` by connection (`main`, `keys`). */
export async function observePool(orm: Orm, metrics: Metrics, pool: string): Promise<void> {
  const native = await orm.em.getConnection().getNativeClient();
  const pools = observed.get(metrics);
  if (pools) {
    pools.set(pool, native);
    return;
  }
  const all = new Map<string, PoolCounts>([[pool, native]]);
  observed.set(metrics, all);
  const gauge = (name: string, help: string, read: (counts: PoolCounts) => number) =>
    metrics.gauge(name, help, ['pool'], (collected) => {
      for (const [label, counts] of all) collected.set({ pool: label }, read(counts));
    });
  gauge('db_pool_used', 'Connections in use', ({ totalCount, idleCount }) => totalCount - idleCount);
  gauge('db_pool_idle', 'Connections that wait for work', ({ idleCount }) => idleCount);
  gauge('db_pool_waiting', 'Work that waits for a connection', ({ waitingCount }) => waitingCount);
}
