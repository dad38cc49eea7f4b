import { performance } from 'node:perf_hooks';
import { Tracing } from '@conclave/platform';

type Query = (...parameters: unknown[]) => unknown;

/** Called with the seconds that a query took, from sending it to its last row. */
export type QueryObserver = (seconds: number) => void;

/** Measures every query of a `pg` client, whoever sends it: the ORM, a prepared query, a migration. */
export function observeQueries(client: { query: unknown }, observe: QueryObserver): void {
  const query = (client.query as Query).bind(client);
  client.query = (...parameters: unknown[]) => {
    const startedAt = performance.now();
    const endSpan = Tracing.on ? beginSpan(parameters[0]) : undefined;
    const done = (failed: boolean) => {
      endSpan?.(failed);
      observe((performance.now() - startedAt) / 1000);
    };
    const callback = parameters.at(-1);
    if (typeof callback === 'function') {
      // The pool's own `query` asks for a callback instead of a promise.
      const measured = (...results: unknown[]) => {
        done(Boolean(results[0]));
        (callback as Query)(...results);
      };
      return query(...parameters.slice(0, -1), measured);
    }
    const result = query(...parameters);
    if (result instanceof Promise)
      result.then(
        () => done(false),
        () => done(true),
      );
    return result;
  };
}

const operations = /^\s*(select|insert|update|delete|with|begin|commit|rollback|savepoint|release|set)\b/i;

/** Only the first word of a query leaves the process: its text may hold values, its parameters always do. */
function beginSpan(query: unknown): ReturnType<typeof Tracing.begin> {
  const text = typeof query === 'string' ? query : (query as { text?: unknown } | undefined)?.text;
  const operation = operations.exec(typeof text === 'string' ? text : '')?.[1]?.toLowerCase() ?? 'other';
  const attributes = { 'db.system.name': 'postgresql', 'db.operation.name': operation } as const;
  return Tracing.begin({ name: `postgresql ${operation}`, kind: 'client', attributes });
}
