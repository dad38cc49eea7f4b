import { createKekCheckSql } from '@conclave/keys';
import { Migration } from '@mikro-orm/migrations';

/** What tells the right KEK from any other, so that the wrong one is refused before it seals anything. */
export class Migration20261123060000_kek_check extends Migration {
  override up(): void {
    for (const sql of createKekCheckSql()) this.addSql(sql);
  }
}
