// Generated from the gateway's routes by tools/generate.mjs. Do not edit.
import { inject, Injectable } from '@angular/core';
import { Http, type CallOptions } from './http';

/** What has proven that an address is a person's own; typing it proves nothing. */
export type AddressProof = 'invitation' | 'mail' | 'provider';

/** A person as they see themselves. */
export interface Account {
  /** UUIDv7. */
  readonly id: string;
  /** Address as typed at sign-up, case kept. */
  readonly email: string;
  /** Whether the address is proven. */
  readonly emailVerified: boolean;
  /** The name others see; 1 to 80 characters. */
  readonly displayName: string;
  /** When the account was made. */
  readonly createdAt: string;
  /** When the address was proven; unset as long as it is only typed. */
  readonly emailVerifiedAt: string | null;
  /** What has proven it. */
  readonly emailVerifiedBy: AddressProof | null;
}

/** What a sign-up has come to. */
export type SignUpStatus = 'signed_up' | 'check_mail';

/** What can be asked for after the password; any one of those that are named will do. */
export type SignInStep = 'totp' | 'recovery_code' | 'passkey';

/** What a device has signed; all base64url, as browsers give it. */
export interface PasskeyAssertion {
  /** What the device calls the key. */
  readonly credentialId: string;
  /** What the browser says that was signed. */
  readonly clientData: string;
  /** What the device says of itself. */
  readonly authenticatorData: string;
  /** The signature. */
  readonly signature: string;
  /** Whose the key is, as the device keeps it; empty where it keeps nothing. */
  readonly userHandle: string;
}

/** One place where a person is signed in. */
export interface Session {
  /** UUIDv7. */
  readonly id: string;
  /** When the person signed in. */
  readonly createdAt: string;
  /** Last use, to the minute. */
  readonly lastSeenAt: string;
  /** The browser. */
  readonly userAgent: string;
  /** Whether this call came through it. */
  readonly current: boolean;
}

/** What a second factor is. */
export type FactorKind = 'totp' | 'passkey';

/** One second factor. */
export interface Factor {
  /** UUIDv7. */
  readonly id: string;
  /** What it is. */
  readonly kind: FactorKind;
  /** What its person calls it. */
  readonly name: string;
  /** When it was added. */
  readonly createdAt: string;
  /** Last use; unset before the first one after adding it. */
  readonly lastUsedAt: string | null;
}

/** Who may enter a room. */
export type AccessLevel = 'invited' | 'code' | 'invited_and_code' | 'organisation';

/** Rules of the house. */
export interface RoomSettings {
  /** Whether entry needs the personal token besides the session. */
  readonly askPersonalToken: boolean;
}

/** What a person is in a room. */
export type RoomRole = 'owner' | 'moderator' | 'participant';

/** A person by name. */
export interface RoomPerson {
  /** UUIDv7. */
  readonly id: string;
  /** The name. */
  readonly displayName: string;
  /** Whether the person's address is proven, as far as this room is concerned; unset where that is not told. */
  readonly verified: boolean | null;
}

/** One occurrence in a room, going on now. */
export interface Meeting {
  /** When the first person came in. */
  readonly startedAt: string;
  /** How many are inside. */
  readonly participantCount: number;
}

/** What a person may do; the words of docs/permissions.md. */
export type Permission =
  | 'room.view'
  | 'room.update'
  | 'room.delete'
  | 'room.access-code'
  | 'room.read-access-code'
  | 'room.invite'
  | 'room.roles'
  | 'room.transfer'
  | 'entry.bypass'
  | 'lobby.admit'
  | 'meeting.moderate'
  | 'meeting.end'
  | 'participant.mute'
  | 'participant.remove'
  | 'chat.read'
  | 'chat.write'
  | 'file.list'
  | 'file.read'
  | 'file.share'
  | 'file.delete-own'
  | 'file.delete'
  | 'share.microphone'
  | 'share.camera'
  | 'share.screen'
  | 'poll.manage'
  | 'recording.control'
  | 'whiteboard.draw'
  | 'people.manage'
  | 'policy.write'
  | 'audit.read';

/** A room as a member sees it. */
export interface Room {
  /** UUIDv7. */
  readonly id: string;
  /** The part of the link that names it. */
  readonly slug: string;
  /** 1 to 120 characters. */
  readonly name: string;
  /** Who may enter. */
  readonly accessLevel: AccessLevel;
  /** Rules of the house. */
  readonly settings: RoomSettings;
  /** What the caller is here. */
  readonly role: RoomRole;
  /** Whose it is. */
  readonly owner: RoomPerson;
  /** When it was made. */
  readonly createdAt: string;
  /** When somebody was last admitted; unset if never. */
  readonly lastUsedAt: string | null;
  /** Unset when nobody is inside. */
  readonly meeting: Meeting | null;
  /** How many belong to it. */
  readonly memberCount: number;
  /** What the caller may do here: words of the table of permissions, such as `room.invite`. */
  readonly can: readonly Permission[];
  /** Since when newcomers wait until a host lets them in; unset where they do not. */
  readonly newcomersWaitSince: string | null;
  /** When so many wrong codes were tried that the code should change; told to whoever may change it, unset otherwise. */
  readonly codeGuessedAt: string | null;
}

/** A room as a member sees it. */
export interface CreatedRoom {
  /** UUIDv7. */
  readonly id: string;
  /** The part of the link that names it. */
  readonly slug: string;
  /** 1 to 120 characters. */
  readonly name: string;
  /** Who may enter. */
  readonly accessLevel: AccessLevel;
  /** Rules of the house. */
  readonly settings: RoomSettings;
  /** What the caller is here. */
  readonly role: RoomRole;
  /** Whose it is. */
  readonly owner: RoomPerson;
  /** When it was made. */
  readonly createdAt: string;
  /** When somebody was last admitted; unset if never. */
  readonly lastUsedAt: string | null;
  /** Unset when nobody is inside. */
  readonly meeting: Meeting | null;
  /** How many belong to it. */
  readonly memberCount: number;
  /** What the caller may do here: words of the table of permissions, such as `room.invite`. */
  readonly can: readonly Permission[];
  /** Since when newcomers wait until a host lets them in; unset where they do not. */
  readonly newcomersWaitSince: string | null;
  /** When so many wrong codes were tried that the code should change; told to whoever may change it, unset otherwise. */
  readonly codeGuessedAt: string | null;
  /** Its code, grouped for reading aloud. */
  readonly accessCode: string;
}

/** How a person stands before a door. */
export type Standing = 'owner' | 'member' | 'invited' | 'open' | 'refused';

/** How somebody's stay in a meeting ended. */
export type StayEnd =
  | 'left'
  | 'removed'
  | 'meeting_ended'
  | 'room_deleted'
  | 'session_ended'
  | 'membership_ended'
  | 'moved'
  | 'not_connected'
  | 'media_failed';

/** A stay in a meeting that is over. */
export interface LastStay {
  /** The admission. */
  readonly joinId: string;
  /** How it ended. */
  readonly reason: StayEnd;
  /** When. */
  readonly endedAt: string;
}

/** What stands on the door for this caller. */
export interface Door {
  /** The room. */
  readonly slug: string;
  /** Empty when refused. */
  readonly name: string | null;
  /** Unset when refused. */
  readonly host: RoomPerson | null;
  /** Who may enter. */
  readonly accessLevel: AccessLevel;
  readonly needs: {
    /** Whether an invitation is missing. */
    readonly invitation: boolean;
    /** Whether the code will be asked. */
    readonly accessCode: boolean;
    /** Whether the personal token will be asked. */
    readonly personalToken: boolean;
    /** Whether a host must let the caller in. */
    readonly host: boolean;
  };
  /** How the caller stands. */
  readonly standing: Standing;
  /** Reason without prefix when refused, else empty. */
  readonly reason: string | null;
  /** Unset when nobody is inside or the caller is refused. */
  readonly meeting: Meeting | null;
  /** Whether the caller is in this meeting already, on another connection. */
  readonly alreadyInside: boolean;
  /** How the caller's last stay here ended; unset when there was none, or it goes on. */
  readonly lastStay: LastStay | null;
}

/** Where an invitation stands. */
export type InvitationStatus = 'pending' | 'accepted' | 'revoked' | 'expired';

/** One invitation. */
export interface Invitation {
  /** UUIDv7. */
  readonly id: string;
  /** Empty for a link. */
  readonly email: string | null;
  /** Where it stands. */
  readonly status: InvitationStatus;
  /** When it was made. */
  readonly createdAt: string;
  /** Until when it holds. */
  readonly expiresAt: string;
  /** Unset until used. */
  readonly acceptedBy: RoomPerson | null;
}

/** One invitation. */
export interface CreatedInvitation {
  /** UUIDv7. */
  readonly id: string;
  /** Empty for a link. */
  readonly email: string | null;
  /** Where it stands. */
  readonly status: InvitationStatus;
  /** When it was made. */
  readonly createdAt: string;
  /** Until when it holds. */
  readonly expiresAt: string;
  /** Unset until used. */
  readonly acceptedBy: RoomPerson | null;
  /** The whole link with its token, sent once. */
  readonly link: string;
}

/** What becomes of the other connections of somebody who enters again. */
export type Elsewhere = 'move' | 'also';

/** Somebody who waits, as hosts see them. */
export interface WaitingPerson {
  /** The request. */
  readonly requestId: string;
  /** The person. */
  readonly userId: string;
  /** The name, as auth knows it. */
  readonly displayName: string;
  /** Whether their address is proven. */
  readonly verified: boolean;
  /** Since when they wait. */
  readonly askedAt: string;
}

/** What became of asking a host to be let in. */
export type EntryRequestState = 'waiting' | 'admitted' | 'denied' | 'expired' | 'cancelled';

/** The last request. */
export interface GetOwnRequestResponse {
  /** What became of it. */
  readonly state: EntryRequestState;
  /** Until when a host may answer, or the caller may enter; unset where neither is so. */
  readonly expiresAt: string | null;
}

/** How far somebody has come. */
export type ParticipantState = 'inside' | 'arriving';

/** One connection into the meeting. */
export interface Participant {
  /** The admission. */
  readonly joinId: string;
  /** The person; empty for a service, which belongs to the room. */
  readonly userId: string;
  /** The name. */
  readonly displayName: string;
  /** What the person is here. */
  readonly role: RoomRole;
  /** Since when; of somebody who arrives, since they were let in. */
  readonly joinedAt: string;
  /** What the caller may do to this participant, such as `participant.mute`. */
  readonly can: readonly Permission[];
  /** What kind of service this is: `recorder`, `transcriber`; empty for a person. */
  readonly service: string | null;
  /** Whether the person's address is proven, as far as this room is concerned. */
  readonly verified: boolean;
  /** What has proven it; told to hosts. */
  readonly verifiedBy: AddressProof | null;
  /** Whether they are in the meeting or on the way in; unset by the release before, which lists only those inside. */
  readonly state: ParticipantState | null;
}

/** One message. */
export interface Message {
  /** UUIDv7. */
  readonly id: string;
  /** Who wrote it. */
  readonly author: RoomPerson;
  /** 1 to 4000 code points. */
  readonly text: string;
  /** When. */
  readonly sentAt: string;
  /** What the caller may do to this message; nothing yet. */
  readonly can: readonly Permission[];
}

/** Where a file stands on its way. */
export type FileStatus = 'reserved' | 'uploading' | 'available' | 'deleting' | 'failed' | 'lost';

/** One file. */
export interface File {
  /** UUIDv7. */
  readonly id: string;
  /** As its owner called it, made safe. */
  readonly name: string;
  /** Bytes of plaintext. */
  readonly size: number;
  /** MIME type. */
  readonly type: string;
  /** Of the plaintext, hexadecimal; empty until somebody has asked for the digest. */
  readonly sha256: string;
  /** Where it stands. */
  readonly status: FileStatus;
  readonly owner: {
    /** Who shared it. */
    readonly id: string;
    /** The owner's name. */
    readonly displayName: string;
  };
  /** When. */
  readonly createdAt: string;
  /** What the caller may do to this file: `file.read`, `file.delete`. */
  readonly can: readonly Permission[];
}

/** An upload and how far it has come. */
export interface Upload {
  /** The file's id. */
  readonly id: string;
  /** As its owner called it, made safe. */
  readonly name: string;
  /** Bytes in all. */
  readonly size: number;
  /** MIME type. */
  readonly type: string;
  /** Bytes that are stored: the place of the next one to send. All of them once the file is available. */
  readonly offset: number;
  /** A day after the last byte; absent once the file is available. */
  readonly expiresAt: string | null;
  /** When it was begun. */
  readonly createdAt: string;
}

/** A part of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page begins; null at the end. */
  readonly next: string | null;
}

export interface SignUpAnswer {
  /** The account; unset where the address has to be proven first. */
  readonly user: Account | null;
  /** Shown once: `cnv_` and 256 bits. */
  readonly personalToken: string | null;
  /** Whether there is more to do. */
  readonly status: SignUpStatus | null;
}

/** What `signUp` takes. */
export interface SignUpBody {
  /** The address. */
  readonly email: string;
  /** At least 8 characters. */
  readonly password?: string | undefined;
  /** The name others see; 1 to 80 characters. */
  readonly displayName: string;
}

export interface VerifyAccountAnswer {
  /** The account. */
  readonly user: Account;
  /** Shown once: `cnv_` and 256 bits. */
  readonly personalToken: string;
}

/** What `verifyAccount` takes. */
export interface VerifyAccountBody {
  /** From the link; empty where a code was typed. */
  readonly token?: string | undefined;
  /** Six digits. */
  readonly code?: string | undefined;
  /** The password that was chosen: asked for where the link was opened in another browser than the one that signed up. */
  readonly password?: string | undefined;
}

/** What `recover` takes. */
export interface RecoverBody {
  /** The address. */
  readonly email: string;
}

/** What `finishRecovery` takes. */
export interface FinishRecoveryBody {
  /** The new password; at least 8 characters. */
  readonly password?: string | undefined;
  /** The personal token, where the policy asks for it; who gives it keeps it. */
  readonly personalToken?: string | undefined;
}

export interface SignInAnswer {
  /** The account; unset while something is still needed. */
  readonly user: Account | null;
  /** What is still needed, any one of them; empty where the person is signed in. */
  readonly next: readonly SignInStep[];
  /** Until when the steps may be taken. */
  readonly expiresAt: string | null;
  readonly status: 'signed_in' | 'step';
}

/** What `signIn` takes. */
export interface SignInBody {
  /** The address. */
  readonly email: string;
  /** The password. */
  readonly password: string;
}

export interface SignInByTotpAnswer {
  /** The account. */
  readonly user: Account;
  readonly status: 'signed_in' | 'step';
}

/** What `signInByTotp` takes. */
export interface SignInByTotpBody {
  /** The code, as typed. */
  readonly code: string;
}

export interface SignInByRecoveryCodeAnswer {
  /** The account. */
  readonly user: Account;
  readonly status: 'signed_in' | 'step';
}

/** What `signInByRecoveryCode` takes. */
export interface SignInByRecoveryCodeBody {
  /** The code, as typed. */
  readonly code: string;
}

export interface BeginPasskeyAnswer {
  /** Base64url. */
  readonly challenge: string;
  /** The host for which keys are made. */
  readonly host: string;
  /** How long it may take. */
  readonly timeoutMs: number;
}

export interface SignInByPasskeyAnswer {
  /** The account. */
  readonly user: Account;
  readonly status: 'signed_in' | 'step';
}

/** What `signInByPasskey` takes. */
export interface SignInByPasskeyBody {
  /** What the device calls the key; this and what follows in base64url, as browsers give it. */
  readonly credentialId: string;
  /** What the browser says that was signed. */
  readonly clientData: string;
  /** What the device says of itself. */
  readonly authenticatorData: string;
  /** The signature. */
  readonly signature: string;
  /** Whose the key is, as the device keeps it; empty where it keeps nothing. */
  readonly userHandle?: string | undefined;
}

export interface ProveSessionAnswer {
  /** Until when it holds. */
  readonly expiresAt: string;
}

/** What `proveSession` takes. */
export interface ProveSessionBody {
  /** The password. */
  readonly password?: string | undefined;
  /** A code of an authenticator app. */
  readonly totp?: string | undefined;
  /** One of the recovery codes. */
  readonly recoveryCode?: string | undefined;
  /** What a device has signed. */
  readonly passkey?: PasskeyAssertion | undefined;
}

/** What `rename` takes. */
export interface RenameBody {
  /** The new name. */
  readonly displayName: string;
}

/** What `changeAddress` takes. */
export interface ChangeAddressBody {
  /** The address. */
  readonly email: string;
  /** The password. */
  readonly password: string;
}

/** What `confirmAddress` takes. */
export interface ConfirmAddressBody {
  /** From the link; empty where a code was typed. */
  readonly token?: string | undefined;
  /** Six digits. */
  readonly code?: string | undefined;
}

export interface RotatePersonalTokenAnswer {
  /** `cnv_` and 256 bits. */
  readonly personalToken: string;
}

/** What `rotatePersonalToken` takes. */
export interface RotatePersonalTokenBody {
  /** The password. */
  readonly password: string;
}

export type FactorsAnswer = Page<Factor> & {
  /** Recovery codes that are not used up. */
  readonly recoveryCodesLeft: number;
};

export interface BeginTotpAnswer {
  /** UUIDv7. */
  readonly id: string;
  /** The secret in base32, to type. */
  readonly secret: string;
  /** The same as an otpauth: address, to scan. */
  readonly uri: string;
}

/** What `beginTotp` takes. */
export interface BeginTotpBody {
  /** What to call it; 1 to 60 characters. */
  readonly name: string;
}

export interface ConfirmTotpAnswer {
  /** Recovery codes, sent once and only with the first factor; empty where the caller has some. */
  readonly recoveryCodes: readonly string[];
}

/** What `confirmTotp` takes. */
export interface ConfirmTotpBody {
  /** The code, as typed. */
  readonly code: string;
}

export interface BeginAddPasskeyAnswer {
  /** What the device is to sign. */
  readonly challenge: string;
  /** The host for which keys are made. */
  readonly host: string;
  /** What the device keeps as the person; it tells nobody who it is. */
  readonly userHandle: string;
  /** The address, for the person to choose by. */
  readonly userName: string;
  /** The name, for the person to choose by. */
  readonly displayName: string;
  /** Keys that they have: a device that holds one makes no other. */
  readonly known: readonly string[];
  /** How long it may take. */
  readonly timeoutMs: number;
}

export interface AddPasskeyAnswer {
  /** Recovery codes, sent once and only with the first factor; empty where the caller has some. */
  readonly recoveryCodes: readonly string[];
}

/** What `addPasskey` takes. */
export interface AddPasskeyBody {
  /** What to call it; 1 to 60 characters. */
  readonly name: string;
  /** What the device calls the key, base64url. */
  readonly credentialId: string;
  /** What the browser says of it, base64url. */
  readonly clientData: string;
  /** What the device says of it, base64url. */
  readonly attestationObject: string;
}

export interface RenewRecoveryCodesAnswer {
  /** Ten codes of 50 bits, each good once. */
  readonly recoveryCodes: readonly string[];
}

/** What `createRoom` takes. */
export interface CreateRoomBody {
  /** 1 to 120 characters. */
  readonly name: string;
  /** Unspecified means invited. */
  readonly accessLevel?: AccessLevel | undefined;
  /** Empty means generated. */
  readonly accessCode?: string | undefined;
  /** Unset means none set. */
  readonly settings?: RoomSettings | undefined;
}

/** What `changeRoom` takes. */
export interface ChangeRoomBody {
  /** New name. */
  readonly name?: string | undefined;
  /** New level. */
  readonly accessLevel?: AccessLevel | undefined;
  /** New settings, whole. */
  readonly settings?: RoomSettings | undefined;
}

export interface AccessCodeAnswer {
  /** Empty when removed. */
  readonly accessCode: string | null;
}

export interface RotateAccessCodeAnswer {
  /** Grouped for reading aloud. */
  readonly accessCode: string;
}

/** What `invite` takes. */
export interface InviteBody {
  /** Empty means by link. */
  readonly email?: string | undefined;
  /** Unset means in 14 days; at most 90. */
  readonly expiresAt?: string | undefined;
}

export interface AcceptInvitationAnswer {
  /** The room. */
  readonly slug: string;
}

/** What `acceptInvitation` takes. */
export interface AcceptInvitationBody {
  /** `cnv_inv_` and 256 bits. */
  readonly token: string;
}

export interface EnterAnswer {
  /** 128 random bits; the participant's identity and the handle for revocation. */
  readonly joinId: string;
  /** The ticket for the `/rtc` door: good as long as the admission holds, through the caller's own session, and nowhere else. */
  readonly token: string;
  /** What the caller is here. */
  readonly role: RoomRole;
  /** What the caller may do here: words of the table of permissions, such as `meeting.end`. */
  readonly can: readonly Permission[];
  readonly status: 'admitted';
  /** Where the media client connects. */
  readonly url: string;
}

/** What `enter` takes. */
export interface EnterBody {
  /** Empty when none was typed. */
  readonly accessCode?: string | undefined;
  /** Empty when none was typed. */
  readonly personalToken?: string | undefined;
  /** What becomes of the caller's other connections to this meeting, where there are some; not said means that they stay. */
  readonly elsewhere?: Elsewhere | undefined;
}

export interface OwnRequestAnswer {
  /** What became of it. */
  readonly state: EntryRequestState;
  /** Until when a host may answer, or the caller may enter; unset where neither is so. */
  readonly expiresAt: string | null;
}

/** What `leave` takes. */
export interface LeaveBody {
  /** The admission. */
  readonly joinId: string;
}

export interface SetNewcomersWaitAnswer {
  /** Since when newcomers wait; unset where they do not. */
  readonly newcomersWaitSince: string | null;
}

/** What `setNewcomersWait` takes. */
export interface SetNewcomersWaitBody {
  /** Whether they wait from now on. */
  readonly wait?: boolean | undefined;
}

/** What `setMemberRole` takes. */
export interface SetMemberRoleBody {
  /** Moderator or participant; a room has one owner. */
  readonly role: RoomRole;
}

export interface RemoveParticipantAnswer {
  /** Whether the room has a new access code. */
  readonly codeChanged: boolean;
  /** Whether newcomers wait for a host from now on. */
  readonly newcomersWait: boolean;
}

/** What `sendMessage` takes. */
export interface SendMessageBody {
  /** 1 to 4000 code points. */
  readonly text: string;
}

export type FilesAnswer = Page<File> & {
  readonly limits: {
    /** Largest file that may be shared. */
    readonly maxFileBytes: number;
  };
};

export interface FileDigestAnswer {
  /** Of the plaintext, hexadecimal; empty while it is still being made: ask again. */
  readonly sha256: string;
}

/** What `joined` takes. */
export interface JoinedBody {
  readonly traceparent: string;
  readonly durationMs: number;
  readonly outcome: 'ok' | 'failed';
}

const at = encodeURIComponent;

/** The part of an address that asks: what is undefined is not asked. */
function textOf(query: Readonly<Record<string, string | number | undefined>>): string {
  const pairs = Object.entries(query).filter((pair): pair is [string, string | number] => pair[1] !== undefined);
  return pairs.length === 0 ? '' : `?${pairs.map(([name, value]) => `${name}=${at(value)}`).join('&')}`;
}

/** Every route of the API that speaks JSON, one method each. */
@Injectable({ providedIn: 'root' })
export class Api {
  private readonly http = inject(Http);

  /** Signs a person up. Where mail goes out, the address gets a message, and nothing tells whether it has an account; else account, personal token and first session are made in one step. */
  signUp = (body: SignUpBody, options: CallOptions = {}) =>
    this.http.call<SignUpAnswer>('POST', `/account`, { body, once: true, ...options });

  /** The code or the link of that message, which proves the address: makes account, personal token and first session. */
  verifyAccount = (body: VerifyAccountBody, options: CallOptions = {}) =>
    this.http.call<VerifyAccountAnswer>('POST', `/account/verify`, { body, once: true, ...options });

  /** Mails a link to the address if it has an account. The answer, its cost and its limits are the same if not. */
  recover = (body: RecoverBody, options: CallOptions = {}) =>
    this.http.call<undefined>('POST', `/account/recover`, { body, ...options });

  /** The mailed link, used once: a new password, and the end of every session. It signs nobody in. */
  finishRecovery = (token: string, body: FinishRecoveryBody, options: CallOptions = {}) =>
    this.http.call<undefined>('POST', `/account/recover/${at(token)}`, { body, ...options });

  /** The link that the address before got: it is the account's again, everybody is out, and a new password has to be chosen. */
  returnAddress = (token: string, options: CallOptions = {}) =>
    this.http.call<undefined>('POST', `/account/address-back/${at(token)}`, { ...options });

  /** Signs a person in, or says what is still needed after the password. What is not finished opens nothing. */
  signIn = (body: SignInBody, options: CallOptions = {}) =>
    this.http.call<SignInAnswer>('POST', `/session`, { body, ...options });

  /** Ends one session of the caller; without an id the present one. */
  signOut = (options: CallOptions = {}) => this.http.call<undefined>('DELETE', `/session`, { ...options });

  /** The next step of a sign-in that this browser has begun: a second factor. */
  signInByTotp = (body: SignInByTotpBody, options: CallOptions = {}) =>
    this.http.call<SignInByTotpAnswer>('POST', `/session/step/totp`, { body, ...options });

  /** The next step of a sign-in that this browser has begun: a second factor. */
  signInByRecoveryCode = (body: SignInByRecoveryCodeBody, options: CallOptions = {}) =>
    this.http.call<SignInByRecoveryCodeAnswer>('POST', `/session/step/recovery-code`, { body, ...options });

  /** Begins a proof by passkey: what the device is to sign. It says nothing of anybody, and is asked for by whoever opens the sign-in page. */
  beginPasskey = (options: CallOptions = {}) =>
    this.http.call<BeginPasskeyAnswer>('POST', `/session/passkey/begin`, { ...options });

  /** Signs a person in by what their device has signed: without a password, or as the step after it. */
  signInByPasskey = (body: SignInByPasskeyBody, options: CallOptions = {}) =>
    this.http.call<SignInByPasskeyAnswer>('POST', `/session/passkey/finish`, { body, ...options });

  /** The caller proves themselves again within their session, for what a session alone may not do. It holds for ten minutes. */
  proveSession = (body: ProveSessionBody, options: CallOptions = {}) =>
    this.http.call<ProveSessionAnswer>('POST', `/session/proof`, { body, ...options });

  /** The account of the caller. */
  me = (options: CallOptions = {}) => this.http.call<Account>('GET', `/me`, { ...options });

  /** Changes the profile of the caller. */
  rename = (body: RenameBody, options: CallOptions = {}) =>
    this.http.call<Account>('PATCH', `/me`, { body, ...options });

  /** Mails a code and a link to an address that the caller wants, or to their own that is not proven. Nothing changes yet. */
  changeAddress = (body: ChangeAddressBody, options: CallOptions = {}) =>
    this.http.call<undefined>('POST', `/me/address`, { body, ...options });

  /** The code or the link of that message: the address is the caller's from now on, and the one before is told. */
  confirmAddress = (body: ConfirmAddressBody, options: CallOptions = {}) =>
    this.http.call<Account>('POST', `/me/address/verify`, { body, ...options });

  /** The live sessions of the caller. */
  sessions = (options: CallOptions = {}) => this.http.call<Page<Session>>('GET', `/me/sessions`, { ...options });

  /** Ends one session of the caller; without an id the present one. */
  endSession = (id: string, options: CallOptions = {}) =>
    this.http.call<undefined>('DELETE', `/me/sessions/${at(id)}`, { ...options });

  /** Makes a new personal token; the old one dies at once. */
  rotatePersonalToken = (body: RotatePersonalTokenBody, options: CallOptions = {}) =>
    this.http.call<RotatePersonalTokenAnswer>('POST', `/me/personal-token`, { body, ...options });

  /** What the caller has. */
  factors = (options: CallOptions = {}) => this.http.call<FactorsAnswer>('GET', `/me/factors`, { ...options });

  /** Makes a secret for an authenticator app. It counts once a code of it was confirmed. */
  beginTotp = (body: BeginTotpBody, options: CallOptions = {}) =>
    this.http.call<BeginTotpAnswer>('POST', `/me/factors/totp`, { body, ...options });

  /** The app shows the right codes: from now on sign-in asks for one. */
  confirmTotp = (id: string, body: ConfirmTotpBody, options: CallOptions = {}) =>
    this.http.call<ConfirmTotpAnswer>('POST', `/me/factors/totp/${at(id)}/confirm`, { body, ...options });

  /** Takes an authenticator app away; recovery codes go with the last factor. */
  removeTotp = (id: string, options: CallOptions = {}) =>
    this.http.call<undefined>('DELETE', `/me/factors/totp/${at(id)}`, { ...options });

  /** Begins to add a passkey: what the device needs to make one. */
  beginAddPasskey = (options: CallOptions = {}) =>
    this.http.call<BeginAddPasskeyAnswer>('POST', `/me/factors/passkeys/begin`, { ...options });

  /** The device has made one: it signs its person in from now on. */
  addPasskey = (body: AddPasskeyBody, options: CallOptions = {}) =>
    this.http.call<AddPasskeyAnswer>('POST', `/me/factors/passkeys`, { body, ...options });

  /** Takes a passkey away; recovery codes go with the last factor. */
  removePasskey = (id: string, options: CallOptions = {}) =>
    this.http.call<undefined>('DELETE', `/me/factors/passkeys/${at(id)}`, { ...options });

  /** Makes new recovery codes; the old ones are worth nothing any more. */
  renewRecoveryCodes = (options: CallOptions = {}) =>
    this.http.call<RenewRecoveryCodesAnswer>('POST', `/me/factors/recovery-codes`, { ...options });

  /** Rooms the caller owns or belongs to, last used first. */
  rooms = (
    query: {
      /** 1 to 100; 0 means 50. */
      readonly limit?: number | undefined;
      /** Cursor of the page before; empty means from the start. */
      readonly after?: string | undefined;
    } = {},
    options: CallOptions = {},
  ) => this.http.call<Page<Room>>('GET', `/rooms${textOf(query)}`, { ...options });

  /** Makes a room with its own access code. */
  createRoom = (body: CreateRoomBody, options: CallOptions = {}) =>
    this.http.call<CreatedRoom>('POST', `/rooms`, { body, once: true, ...options });

  /** One room, for those who belong to it. */
  room = (slug: string, options: CallOptions = {}) => this.http.call<Room>('GET', `/rooms/${at(slug)}`, { ...options });

  /** Changes name, access level or settings. */
  changeRoom = (slug: string, body: ChangeRoomBody, options: CallOptions = {}) =>
    this.http.call<Room>('PATCH', `/rooms/${at(slug)}`, { body, ...options });

  /** Deletes a room; its messages and files are shredded. */
  deleteRoom = (slug: string, options: CallOptions = {}) =>
    this.http.call<undefined>('DELETE', `/rooms/${at(slug)}`, { ...options });

  /** What a person before the door may know. */
  door = (
    slug: string,
    query: {
      /** The caller's own admission, where the page had one: it is no other connection, and `last_stay` tells of it alone. */
      readonly joinId?: string | undefined;
    } = {},
    options: CallOptions = {},
  ) => this.http.call<Door>('GET', `/rooms/${at(slug)}/door${textOf(query)}`, { ...options });

  /** Reads the code again, for hosts. */
  accessCode = (slug: string, options: CallOptions = {}) =>
    this.http.call<AccessCodeAnswer>('GET', `/rooms/${at(slug)}/access-code`, { ...options });

  /** Makes a new code; the old one is void at once. */
  rotateAccessCode = (slug: string, options: CallOptions = {}) =>
    this.http.call<RotateAccessCodeAnswer>('PUT', `/rooms/${at(slug)}/access-code`, { ...options });

  /** Removes the code; a room whose level needs one admits by code no more. */
  removeAccessCode = (slug: string, options: CallOptions = {}) =>
    this.http.call<undefined>('DELETE', `/rooms/${at(slug)}/access-code`, { ...options });

  /** Invitations of a room, newest first. */
  invitations = (
    slug: string,
    query: {
      /** 1 to 100; 0 means 50. */
      readonly limit?: number | undefined;
      /** Cursor of the page before. */
      readonly after?: string | undefined;
    } = {},
    options: CallOptions = {},
  ) => this.http.call<Page<Invitation>>('GET', `/rooms/${at(slug)}/invitations${textOf(query)}`, { ...options });

  /** Invites by address, or by a link for whoever opens it first. */
  invite = (slug: string, body: InviteBody, options: CallOptions = {}) =>
    this.http.call<CreatedInvitation>('POST', `/rooms/${at(slug)}/invitations`, { body, once: true, ...options });

  /** Takes an invitation back, and the membership it gave. */
  revokeInvitation = (slug: string, id: string, options: CallOptions = {}) =>
    this.http.call<undefined>('DELETE', `/rooms/${at(slug)}/invitations/${at(id)}`, { ...options });

  /** Binds the invitation behind a link to the caller. */
  acceptInvitation = (body: AcceptInvitationBody, options: CallOptions = {}) =>
    this.http.call<AcceptInvitationAnswer>('POST', `/invitations/accept`, { body, ...options });

  /** Decides whether the caller may enter now, and admits. */
  enter = (slug: string, body: EnterBody = {}, options: CallOptions = {}) =>
    this.http.call<EnterAnswer>('POST', `/rooms/${at(slug)}/entry`, { body, ...options });

  /** What became of the caller's own request. Whoever asks shows that they are still there. */
  ownRequest = (slug: string, options: CallOptions = {}) =>
    this.http.call<OwnRequestAnswer>('GET', `/rooms/${at(slug)}/entry`, { ...options });

  /** The caller waits no longer. */
  cancelRequest = (slug: string, options: CallOptions = {}) =>
    this.http.call<undefined>('DELETE', `/rooms/${at(slug)}/entry`, { ...options });

  /** Ends the caller's admission. */
  leave = (slug: string, body: LeaveBody, options: CallOptions = {}) =>
    this.http.call<undefined>('POST', `/rooms/${at(slug)}/leave`, { body, ...options });

  /** Who waits now, the longest first. */
  waiting = (slug: string, options: CallOptions = {}) =>
    this.http.call<Page<WaitingPerson>>('GET', `/rooms/${at(slug)}/lobby`, { ...options });

  /** Lets in one who waits: they may enter, once. The first decision holds. */
  admitWaiting = (slug: string, requestId: string, options: CallOptions = {}) =>
    this.http.call<undefined>('POST', `/rooms/${at(slug)}/lobby/${at(requestId)}/admit`, { ...options });

  /** Says no to one who waits. The first decision holds. */
  denyWaiting = (slug: string, requestId: string, options: CallOptions = {}) =>
    this.http.call<undefined>('POST', `/rooms/${at(slug)}/lobby/${at(requestId)}/deny`, { ...options });

  /** Makes newcomers wait for a host, or no longer; then whoever waits may enter. */
  setNewcomersWait = (slug: string, body: SetNewcomersWaitBody, options: CallOptions = {}) =>
    this.http.call<SetNewcomersWaitAnswer>('PUT', `/rooms/${at(slug)}/newcomers-wait`, { body, ...options });

  /** The caller's own request to come in, once it waits no longer; after 15 seconds as it is then. Ask again at once. */
  hostsWord = (slug: string, options: CallOptions = {}) =>
    this.http.call<GetOwnRequestResponse>('GET', `/rooms/${at(slug)}/entry/word`, { ...options });

  /** Makes a member a co-host, or a participant again; it holds at once, also for who is inside. */
  setMemberRole = (slug: string, userId: string, body: SetMemberRoleBody, options: CallOptions = {}) =>
    this.http.call<undefined>('PATCH', `/rooms/${at(slug)}/members/${at(userId)}`, { body, ...options });

  /** Who is inside, and who is on the way in. */
  participants = (slug: string, options: CallOptions = {}) =>
    this.http.call<Page<Participant>>('GET', `/rooms/${at(slug)}/participants`, { ...options });

  /** Puts one person out until they are invited again. */
  removeParticipant = (slug: string, joinId: string, options: CallOptions = {}) =>
    this.http.call<RemoveParticipantAnswer>('POST', `/rooms/${at(slug)}/participants/${at(joinId)}/remove`, {
      ...options,
    });

  /** Mutes every microphone of one participant. */
  muteParticipant = (slug: string, joinId: string, options: CallOptions = {}) =>
    this.http.call<undefined>('POST', `/rooms/${at(slug)}/participants/${at(joinId)}/mute`, { ...options });

  /** Ends the meeting for all. */
  endMeeting = (slug: string, options: CallOptions = {}) =>
    this.http.call<undefined>('POST', `/rooms/${at(slug)}/end`, { ...options });

  /** Messages, newest first. */
  messages = (
    slug: string,
    query: {
      /** 1 to 100; 0 means 50. */
      readonly limit?: number | undefined;
      /** Cursor; empty means from the newest. */
      readonly before?: string | undefined;
    } = {},
    options: CallOptions = {},
  ) => this.http.call<Page<Message>>('GET', `/rooms/${at(slug)}/messages${textOf(query)}`, { ...options });

  /** Writes a message. */
  sendMessage = (slug: string, body: SendMessageBody, options: CallOptions = {}) =>
    this.http.call<Message>('POST', `/rooms/${at(slug)}/messages`, { body, once: true, ...options });

  /** "View files": newest first, only while present. */
  files = (
    slug: string,
    query: {
      /** 1 to 100; 0 means 50. */
      readonly limit?: number | undefined;
      /** Cursor of the page before. */
      readonly after?: string | undefined;
    } = {},
    options: CallOptions = {},
  ) => this.http.call<FilesAnswer>('GET', `/rooms/${at(slug)}/files${textOf(query)}`, { ...options });

  /** One file, only while present. */
  file = (slug: string, id: string, options: CallOptions = {}) =>
    this.http.call<File>('GET', `/rooms/${at(slug)}/files/${at(id)}`, { ...options });

  /** Shreds a file; for its owner and the hosts. */
  deleteFile = (slug: string, id: string, options: CallOptions = {}) =>
    this.http.call<undefined>('DELETE', `/rooms/${at(slug)}/files/${at(id)}`, { ...options });

  /** SHA-256 of a file's bytes, made by reading them when it is asked for the first time; only while present. */
  fileDigest = (slug: string, id: string, options: CallOptions = {}) =>
    this.http.call<FileDigestAnswer>('GET', `/rooms/${at(slug)}/files/${at(id)}/digest`, { ...options });

  /** The caller's uploads into this room, newest first. */
  uploads = (
    slug: string,
    query: {
      /** 1 to 100; 0 means 50. One person has at most a hundred, in all rooms together. */
      readonly limit?: number | undefined;
      /** Cursor of the page before. */
      readonly after?: string | undefined;
    } = {},
    options: CallOptions = {},
  ) => this.http.call<Page<Upload>>('GET', `/rooms/${at(slug)}/uploads${textOf(query)}`, { ...options });

  /** How far an upload has come: a look. HEAD says it in headers of tus, and takes the upload over from an older connection. */
  upload = (slug: string, id: string, options: CallOptions = {}) =>
    this.http.call<Upload>('GET', `/rooms/${at(slug)}/uploads/${at(id)}`, { ...options });

  /** Gives an unfinished upload up: what has come of it is shredded. */
  endUpload = (slug: string, id: string, options: CallOptions = {}) =>
    this.http.call<undefined>('DELETE', `/rooms/${at(slug)}/uploads/${at(id)}`, { ...options });

  /** Tells how long joining took in the browser; recorded where tracing is on, and dropped elsewhere. */
  joined = (body: JoinedBody, options: CallOptions = {}) =>
    this.http.call<undefined>('POST', `/traces/join`, { body, ...options });
}
