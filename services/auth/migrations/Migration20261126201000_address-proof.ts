import { Migration } from '@mikro-orm/migrations';

/**
 * When and by what an address was proven. Additive: the release before goes on with `email_verified`, which is written too and goes with a
 * contract step.
 */
export class Migration20261126201000_address_proof extends Migration {
  override up(): void {
    this.addSql(
      `alter table "user" add column email_verified_at timestamptz, add column email_verified_by text,
        add constraint user_email_proof check ((email_verified_at is null) = (email_verified_by is null))`,
    );
  }
}
