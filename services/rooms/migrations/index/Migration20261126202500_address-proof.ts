import { Migration } from '@mikro-orm/migrations';

/**
 * Who has opened an invitation's link as the person it is for, and what has proven a member's address at their last entry. Additive: the
 * release before writes neither, and nothing counts as proven by what it wrote.
 */
export class Migration20261126202500_address_proof extends Migration {
  override up(): void {
    const statements = [
      `alter table invitation add column opened_by uuid`,
      `create index invitation_opened on invitation (opened_by, email_key) where opened_by is not null`,
      `alter table room_member add column address_proof text`,
    ];
    for (const statement of statements) this.addSql(statement);
  }
}
