/** What the API under /api/v1 speaks. One place, shaped as the gateway's OpenAPI document says. Times are RFC 3339. */

export interface Me {
  readonly id: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly displayName: string;
  readonly createdAt: string;
}

export interface SessionInfo {
  readonly id: string;
  readonly createdAt: string;
  readonly lastSeenAt: string;
  readonly userAgent: string;
  readonly current: boolean;
}

export interface Person {
  readonly id: string;
  readonly displayName: string;
}

export type AccessLevel = 'invited' | 'code' | 'invited_and_code' | 'organisation';
export type RoomRole = 'owner' | 'moderator' | 'participant';

export interface Room {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly accessLevel: AccessLevel;
  readonly settings: { readonly askPersonalToken: boolean };
  readonly role: RoomRole;
  readonly owner: Person;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly meeting: MeetingNow | null;
  readonly memberCount: number;
}

export interface MeetingNow {
  readonly startedAt: string;
  readonly participantCount: number;
}

export interface NewRoom {
  readonly name: string;
  readonly accessLevel?: AccessLevel;
  readonly settings?: { readonly askPersonalToken: boolean };
}

/** The answer to a new room carries its access code, for the owner to pass on. */
export type CreatedRoom = Room & { readonly accessCode: string | null };

/** What a person may know before entering. Name and host are withheld from the refused. */
export interface Door {
  readonly slug: string;
  readonly name: string | null;
  readonly host: Person | null;
  readonly accessLevel: AccessLevel;
  readonly needs: { readonly invitation: boolean; readonly accessCode: boolean; readonly personalToken: boolean };
  readonly standing: 'owner' | 'member' | 'invited' | 'open' | 'refused';
  readonly reason: string | null;
  readonly meeting: MeetingNow | null;
}

export interface Invitation {
  readonly id: string;
  readonly email: string | null;
  readonly status: 'pending' | 'accepted' | 'revoked' | 'expired';
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly acceptedBy: Person | null;
}

/** The link is in this answer and nowhere else. */
export type CreatedInvitation = Invitation & { readonly link: string };

/** Admitted: `url` and `token` are for the media server, `joinId` is this person's identity in the meeting. */
export interface Entry {
  readonly status: 'admitted';
  readonly joinId: string;
  readonly url: string;
  readonly token: string;
  readonly role: RoomRole;
}

export interface ParticipantInfo {
  readonly joinId: string;
  readonly userId: string;
  readonly displayName: string;
  readonly role: RoomRole;
  readonly joinedAt: string;
}

export interface Message {
  readonly id: string;
  readonly author: Person;
  readonly text: string;
  readonly sentAt: string;
}

export interface RoomFile {
  readonly id: string;
  readonly name: string;
  /** Bytes of the plain file. */
  readonly size: number;
  readonly type: string;
  readonly sha256: string;
  readonly status: string;
  readonly owner: Person;
  readonly createdAt: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export type FilePage = Page<RoomFile> & { readonly limits?: { readonly maxFileBytes: number } };
