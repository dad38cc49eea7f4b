import { common, eventToJson, type EventInit } from '@conclave/contracts';
import type { Ids } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { afterCommit } from '../orm/after-commit.js';

/** Tells other services that there is something new; messaging implements it by publishing `conclave.<service>.outbox`. */
export abstract class OutboxWakeUp {
  /** May fail or be lost: readers sweep. */
  abstract wake(): unknown;
}

/** For a service whose outbox nobody waits for. */
export class NoWakeUp extends OutboxWakeUp {
  override wake(): void {
    // Nothing to tell: the sweep of the readers is enough.
  }
}

/** An event to announce: facts and ids only, never what a person typed. */
export type OutboxEvent = EventInit<common.FeedEvent>;

/** Announces events in the transaction of the change: both happen, or neither. Inject it by this class. */
export class Outbox {
  constructor(
    private readonly ids: Ids,
    private readonly wakeUp: OutboxWakeUp,
  ) {}

  /** Writes the event with the open transaction of `em`; readers are woken after it committed. */
  async add(em: EntityManager, event: OutboxEvent): Promise<void> {
    const json = eventToJson(common.FeedEventSchema, event);
    if (!json) throw new TypeError(`no kind of event: ${event.case}`);
    afterCommit(em, () => this.wakeUp.wake()); // first: without a transaction it throws
    const values = [this.ids.uuidv7(), json.type, JSON.stringify(json.facts)];
    await em.execute('insert into outbox (id, type, payload) values (?, ?, ?::jsonb)', values, 'run');
  }
}
