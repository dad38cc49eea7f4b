import { Migration } from '@mikro-orm/migrations';

/** Whom an event is for, where its audience is one person. Additive: the release before writes only events for everyone inside. */
export class Migration20261126170000_event_audience extends Migration {
  override up(): void {
    this.addSql(`alter table room_event add column person_id uuid`);
  }
}
