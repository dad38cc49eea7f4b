import { addBindingSql, bindingStep, neverUsedSql } from '@conclave/keys';
import { schemaFloorSql } from '@conclave/persistence';
import { Migration } from '@mikro-orm/migrations';

/** How each key was wrapped. Where nothing was wrapped yet, keys are bound to their rows from the first one on. */
export class Migration20261126234500_binding extends Migration {
  override up(): void {
    this.addSql(addBindingSql('message_key'));
    const { knows, reason } = bindingStep;
    for (const sql of schemaFloorSql(knows, reason, neverUsedSql({ table: 'message_key' }))) this.addSql(sql);
  }
}
