import type { MediaRights } from './media-rights.js';

/** Somebody at the media server. */
export interface MediaParticipant {
  /** The admission. */
  readonly joinId: string;
  /** The media server's own id of this connection. */
  readonly sid: string;
  /** Media flows; before that, while leaving, and until its admission is matched it does not. */
  readonly active: boolean;
  readonly joinedAt: Date;
  /** The role that it shows, as it was last told. */
  readonly role: string;
}

/** The media server could not be asked. Whoever needed the answer must act as if nobody were there. */
export class MediaServerUnreachable extends Error {
  override readonly name = 'MediaServerUnreachable';
}

/** What rooms needs of an SFU, in whose words a media room goes by its id. Every method rejects with `MediaServerUnreachable` where no answer came. */
export abstract class MediaServer {
  /** Whether people may be led to it now: not while it is silent, and not until it has settled after that. */
  abstract settled(): boolean;
  /** Makes the room, or leaves it as it is. */
  abstract openRoom(mediaRoomId: string, capacity: number): Promise<void>;
  /** Ends the room for everybody; fine where there is none. */
  abstract closeRoom(mediaRoomId: string): Promise<void>;
  abstract findParticipant(mediaRoomId: string, joinId: string): Promise<MediaParticipant | null>;
  /** Everybody in the room; null where the room is not open. */
  abstract listParticipants(mediaRoomId: string): Promise<readonly MediaParticipant[] | null>;
  /** Disconnects; fine where nobody is. The media token stays valid at the media server: revoke the admission first. */
  abstract removeParticipant(mediaRoomId: string, joinId: string): Promise<void>;
  /** What somebody may send from now on, seen by everybody; what is sent without a right stops. False where nobody is. */
  abstract changeRights(mediaRoomId: string, joinId: string, rights: MediaRights): Promise<boolean>;
  /** What everybody there reads as somebody's name from now on; fine where nobody is. */
  abstract rename(mediaRoomId: string, joinId: string, name: string): Promise<void>;
  /** Mutes every microphone; false where the participant is not connected. */
  abstract muteMicrophones(mediaRoomId: string, joinId: string): Promise<boolean>;
}
