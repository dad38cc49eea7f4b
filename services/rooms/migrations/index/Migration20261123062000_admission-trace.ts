import { Migration } from '@mikro-orm/migrations';

/**
 * Where an admission was granted in its trace, so that the media server's news of it hang on there. Additive: code that does not
 * know the column runs on, and it stays empty where tracing is off.
 */
export class Migration20261123062000_admission_trace extends Migration {
  override up(): void {
    this.addSql(`alter table admission add column traceparent text check (length(traceparent) <= 64)`);
  }
}
