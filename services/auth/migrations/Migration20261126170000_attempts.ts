import { createAttemptSql } from '@conclave/persistence';
import { Migration } from '@mikro-orm/migrations';

/**
 * The table of the one module of attempts. What `throttle` has counted is taken along: nobody is forgiven by the new release. Additive:
 * code that does not know the table counts on in the old one, which goes with a contract step.
 */
export class Migration20261126170000_attempts extends Migration {
  override up(): void {
    for (const sql of createAttemptSql()) this.addSql(sql);
    this.addSql(
      `insert into attempt (key, attempts, blocked_until, forgotten_at, created_at, updated_at)
       select encode(key, 'hex'), attempts, blocked_until, updated_at + interval '1 hour', created_at, updated_at from throttle`,
    );
  }
}
