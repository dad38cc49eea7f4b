import { createAttemptSql } from '@conclave/persistence';
import { Migration } from '@mikro-orm/migrations';

/**
 * The table of the one module of attempts. What `access_code_attempt` has counted is taken along: nobody is forgiven by the new release.
 * Additive: code that does not know the table counts on in the old one, which goes with a contract step.
 */
export class Migration20261126164500_attempts extends Migration {
  override up(): void {
    for (const sql of createAttemptSql()) this.addSql(sql);
    this.addSql(
      `insert into attempt (key, attempts, blocked_until, forgotten_at, created_at, updated_at)
       select 'access-code:' || room_id || ':' || case subject when '*' then 'everybody' else subject end, failures, blocked_until,
              last_failure_at + case subject when '*' then interval '1 hour' else interval '24 hours' end,
              last_failure_at, last_failure_at
         from access_code_attempt`,
    );
  }
}
