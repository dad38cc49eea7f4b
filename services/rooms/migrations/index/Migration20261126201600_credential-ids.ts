import { Migration } from '@mikro-orm/migrations';

/**
 * An admission knows the credential that it was made under, which may be a personal token. Additive: the release before leaves it empty,
 * and what it admits through a session ends with the session as before. `ended_session` holds the ids of any credential from now on.
 */
export class Migration20261126201600_credentialIds extends Migration {
  override up(): void {
    this.addSql('alter table admission add column credential_id text');
    this.addSql('create index admission_credential on admission (credential_id) where revoked_at is null');
  }
}
