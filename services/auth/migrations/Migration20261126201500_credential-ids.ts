import { Migration } from '@mikro-orm/migrations';

/**
 * A personal token gets an id, by which its end is announced as that of a session is. Additive: the release before writes tokens without
 * one and gets it from the default.
 */
export class Migration20261126201500_credentialIds extends Migration {
  override up(): void {
    this.addSql('alter table personal_token add column id uuid not null default gen_random_uuid() unique');
  }
}
