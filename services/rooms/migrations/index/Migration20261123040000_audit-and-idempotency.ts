import { createAuditSql } from '@conclave/audit';
import { createIdempotencySql } from '@conclave/persistence';
import { Migration } from '@mikro-orm/migrations';

/** The trail, and calls that may come twice. */
export class Migration20261123040000_audit_and_idempotency extends Migration {
  override up(): void {
    for (const sql of [...createAuditSql(), ...createIdempotencySql()]) this.addSql(sql);
  }
}
