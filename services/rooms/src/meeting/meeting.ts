import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'Meeting',
  tableName: 'meeting',
  properties: {
    id: p.uuid().primary(),
    roomId: p.uuid(),
    /** When the first person was connected; null while everybody is still on the way in. */
    startedAt: p.datetime().nullable(),
    endedAt: p.datetime().nullable(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** One occurrence in a room. At most one per room is open. */
export class Meeting extends schema.class {
  static open(facts: { id: string; roomId: string }, now: Date): Meeting {
    const meeting = new Meeting();
    meeting.id = facts.id;
    meeting.roomId = facts.roomId;
    meeting.startedAt = null;
    meeting.endedAt = null;
    meeting.createdAt = now;
    meeting.updatedAt = now;
    return meeting;
  }
}
schema.setClass(Meeting);
