// Made by tools/generate.mjs from proto/conclave/rooms/v1/room_events.proto: change it there.

/** What a room tells. Facts are ids and names that everyone inside sees; text and file names never travel in an event. */
export interface RoomEvents {
  /** Somebody wrote. */
  'message.created': { readonly messageId: string; readonly authorId: string };
  /** A file can be opened. */
  'file.available': { readonly fileId: string; readonly ownerId: string };
  /** A file is gone. */
  'file.deleted': { readonly fileId: string };
  /** Somebody came. */
  'participant.joined': { readonly joinId: string; readonly userId: string; readonly displayName: string };
  /** Somebody went. */
  'participant.left': { readonly joinId: string; readonly userId: string; readonly reason: string };
  /** A host put somebody out. */
  'participant.removed': { readonly joinId: string; readonly userId: string };
  /** The first participant is there. */
  'meeting.started': object;
  /** The meeting is over. */
  'meeting.ended': object;
  /** The room or its settings changed: read it again. */
  'room.updated': object;
  /** The room is gone. */
  'room.deleted': object;
  /** Somebody waits before the door. */
  'lobby.entered': { readonly userId: string; readonly displayName: string };
  /** What a person may do here changed: ask again. */
  'participant.permissions': { readonly joinId: string };
  /** The way in changed: ask again. */
  'door.changed': object;
  /** Many wrong access codes were tried. */
  'code.guessed': object;
}

/** The facts of each, and what they are. */
export const roomEventFacts = {
  'message.created': { messageId: 'string', authorId: 'string' },
  'file.available': { fileId: 'string', ownerId: 'string' },
  'file.deleted': { fileId: 'string' },
  'participant.joined': { joinId: 'string', userId: 'string', displayName: 'string' },
  'participant.left': { joinId: 'string', userId: 'string', reason: 'string' },
  'participant.removed': { joinId: 'string', userId: 'string' },
  'meeting.started': {},
  'meeting.ended': {},
  'room.updated': {},
  'room.deleted': {},
  'lobby.entered': { userId: 'string', displayName: 'string' },
  'participant.permissions': { joinId: 'string' },
  'door.changed': {},
  'code.guessed': {},
} as const satisfies Record<keyof RoomEvents, Record<string, 'string' | 'number' | 'boolean'>>;
