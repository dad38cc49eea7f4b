import { broadcasts, common, create, toBinary } from '@conclave/contracts';
import { Bus } from '@conclave/messaging';
import { afterCommit } from '@conclave/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';

/** Says that what principal tokens vouch for has changed, so that nobody goes on with one from before. */
@Injectable()
export class AccountNews {
  constructor(private readonly bus: Bus) {}

  /** Once the transaction of `em` stands. A hint: where it is lost, the old token ends within a minute. */
  changed(em: EntityManager, userId: string): void {
    const bytes = toBinary(common.AccountChangedSchema, create(common.AccountChangedSchema, { userId }));
    afterCommit(em, () => this.bus.publish(broadcasts.accountChanged, bytes));
  }
}
