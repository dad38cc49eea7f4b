import { performance } from 'node:perf_hooks';

type Query = (...parameters: unknown[]) => unknown;

/** Called with the seconds that a query took, from sending it to its last row. */
export type QueryObserver = (seconds: number) => void;

/** Measures every query of a `pg` client, whoever sends it: the ORM, a prepared query, a migration. */
export function observeQueries(client: { query: unknown }, observe: QueryObserver): void {
  const query = (client.query as Query).bind(client);
  client.query = (...parameters: unknown[]) => {
    const startedAt = performance.now();
    const done = () => observe((performance.now() - startedAt) / 1000);
    const callback = parameters.at(-1);
    if (typeof callback === 'function') {
      // The pool's own `query` asks for a callback instead of a promise.
      const measured = (...results: unknown[]) => {
        done();
        (callback as Query)(...results);
      };
      return query(...parameters.slice(0, -1), measured);
    }
    const result = query(...parameters);
    if (result instanceof Promise) result.then(done, done);
    return result;
  };
}
