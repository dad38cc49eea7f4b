import { createIdempotencySql } from '@conclave/persistence';
import { Migration } from '@mikro-orm/migrations';

/** Calls that may come twice are remembered. Additive: code that does not know the table makes a thing each time, as before. */
export class Migration20261126174000_idempotency extends Migration {
  override up(): void {
    for (const sql of createIdempotencySql()) this.addSql(sql);
  }
}
