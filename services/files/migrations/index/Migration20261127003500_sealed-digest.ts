import { Migration } from '@mikro-orm/migrations';

/** SHA-256 of a file's plaintext, sealed under the file's key, once somebody has asked for it. Additive: the release before leaves it empty. */
export class Migration20261127003500_sealed_digest extends Migration {
  override up(): void {
    this.addSql('alter table file add column sealed_digest bytea');
  }
}
