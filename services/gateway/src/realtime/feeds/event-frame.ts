import { kindOf, roomEventJson, rooms } from '@conclave/contracts';

/** One event of a room as browsers get it: written once, sent to every socket of the room that it is for. */
export interface EventFrame {
  readonly seq: bigint;
  readonly frame: Buffer;
  /** What it says and whom it is for. */
  readonly event: rooms.RoomEvent;
}

/** The frame of an event; empty for a kind that this release does not know, which is for nobody but has a number. */
export function eventFrame(event: rooms.RoomEvent): EventFrame {
  const json = roomEventJson(event);
  return { seq: event.seq, event, frame: Buffer.from(json ? JSON.stringify(json) : '') };
}

/** The frame for a browser whose last number is not the one before: it says from where on nothing is missing. */
export const afterGap = (frame: Buffer, last: bigint): Buffer =>
  Buffer.concat([Buffer.from(`{"after":${last},`), frame.subarray(1)]);

/** Whether an event changes what its person may hear from now on. */
export const changesStanding = ({ event }: EventFrame): boolean =>
  kindOf(rooms.RoomEventSchema, event.event)?.case === 'participantPermissions';

/** Whether an event says that the connection of an admission came or went. */
export const saysOf = ({ event: { event } }: EventFrame, what: 'came' | 'went', joinId: string): boolean =>
  event.case === (what === 'came' ? 'participantJoined' : 'participantLeft') && event.value.joinId === joinId;
