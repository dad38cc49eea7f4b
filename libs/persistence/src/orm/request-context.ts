import { RequestContext } from '@mikro-orm/postgresql';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Observable } from 'rxjs';
import type { Orm } from './options.js';

/**
 * Gives work an entity manager of its own, so that two requests never share an identity map. Connections nest: the
 * second one joins the context of the first.
 */
export function withRequestContext<T>(orm: Orm, work: () => T): T {
  const { em } = orm;
  const outer = RequestContext.currentRequestContext();
  if (!outer || RequestContext.getEntityManager(em.name)) return RequestContext.create(em, work);
  const managers = [...outer.map.values()];
  // Forks again what is there: cheap, and never touches a context that somebody else holds.
  return RequestContext.create([...managers, em], work);
}

/** The same for every handler of a Nest application, over HTTP as over NATS. */
@Injectable()
export class RequestContextInterceptor implements NestInterceptor {
  constructor(private readonly orm: Orm) {}

  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    // Nest starts the handler at subscription and remembers the async context of `handle()`: both belong inside.
    return new Observable((subscriber) => withRequestContext(this.orm, () => next.handle().subscribe(subscriber)));
  }
}
