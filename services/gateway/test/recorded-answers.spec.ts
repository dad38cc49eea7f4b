import { readFileSync, writeFileSync } from 'node:fs';
import { auth, files, rooms, timestampFromDate, type DescMethod } from '@conclave/contracts';
import { openWorld, type Person, type World } from './support/world.js';

/**
 * What the API answered before its routes were made from descriptors: bytes of the answer, and what the service behind it was
 * asked. `RECORD_ANSWERS=1` writes the recording anew, which is a change of the API and wants its reason in the commit.
 */
const recording = new URL('./recorded-answers.json', import.meta.url);

const at = (second: number) => timestampFromDate(new Date(Date.UTC(2026, 10, 23, 2, 0, second, 7)));
const id = (last: number): string => `01939000-0000-7000-8000-${String(last).padStart(12, '0')}`;
const joinId = '0a'.repeat(16);

const person = { id: id(1), displayName: 'Marta Berg' };
const account: auth.Account = {
  ...({ $typeName: 'conclave.auth.v1.Account' } as const),
  id: id(1),
  email: 'Marta@example.test',
  emailVerified: true,
  displayName: 'Marta Berg',
  createdAt: at(1),
};
const room = {
  id: id(2),
  slug: 'lusab-babad-gutih-tugad',
  name: 'Board "room" é',
  accessLevel: rooms.AccessLevel.INVITED_AND_CODE,
  settings: { askPersonalToken: true },
  role: rooms.RoomRole.OWNER,
  owner: person,
  createdAt: at(2),
  lastUsedAt: at(3),
  meeting: { startedAt: at(4), participantCount: 3 },
  memberCount: 12,
};
const { lastUsedAt: _lastUsedAt, meeting: _meeting, ...bareRoom } = room;
const noToken = { askPersonalToken: false };
const quietRoom = {
  ...bareRoom,
  settings: noToken,
  accessLevel: rooms.AccessLevel.CODE,
  role: rooms.RoomRole.MODERATOR,
  memberCount: 0,
};
const door = {
  slug: room.slug,
  name: room.name,
  host: person,
  accessLevel: rooms.AccessLevel.CODE,
  needsInvitation: false,
  needsAccessCode: true,
  needsPersonalToken: false,
  standing: rooms.Standing.OPEN,
  refusal: '',
  meeting: room.meeting,
};
const refusedDoor = {
  slug: room.slug,
  accessLevel: rooms.AccessLevel.ORGANISATION,
  needsInvitation: true,
  standing: rooms.Standing.REFUSED,
  refusal: 'NOT_INVITED',
};
const invitation = { id: id(3), email: 'a@b.test', createdAt: at(5), expiresAt: at(6) };
const invitations = [
  { ...invitation, status: rooms.InvitationStatus.PENDING },
  { ...invitation, email: '', status: rooms.InvitationStatus.ACCEPTED, acceptedBy: person },
  { ...invitation, status: rooms.InvitationStatus.REVOKED },
  { ...invitation, status: rooms.InvitationStatus.EXPIRED },
];
const message = { id: id(4), author: person, text: 'Hello\n<world>', sentAt: at(7) };
const file = {
  id: id(5),
  name: 'résumé.pdf',
  size: 9_007_199_254_740_991n,
  type: 'application/pdf',
  sha256: 'ab'.repeat(32),
  status: files.FileStatus.AVAILABLE,
  ownerId: id(1),
  ownerName: 'Marta Berg',
  createdAt: at(8),
};
const filesOf = [files.FileStatus.UPLOADING, files.FileStatus.LOST, files.FileStatus.FAILED].map((status) => ({
  ...file,
  status,
  sha256: '',
}));
const upload = { id: id(5), name: file.name, size: file.size, type: file.type, createdAt: at(8) };
const participant = { joinId, userId: id(1), displayName: 'Marta Berg', joinedAt: at(9) };
const session = { id: id(6), createdAt: at(10), lastSeenAt: at(11), userAgent: 'Spec/1', current: true };

const { AccountsService, AddressesService, FactorsService, SessionsService, PersonalTokensService, RecoveryService } =
  auth;
const {
  RoomsService,
  AccessCodesService,
  InvitationsService,
  EntryService,
  ParticipantsService,
  LobbyService,
  MessagesService,
} = rooms;

/** One request, and how the service behind it answers. */
interface Case {
  readonly route: string;
  readonly path?: string;
  readonly body?: unknown;
  readonly anonymous?: true;
  readonly rpc?: DescMethod;
  readonly says?: object;
}

/** What a device has signed. */
const signed = {
  credentialId: 'a2V5',
  clientData: 'e30',
  authenticatorData: 'AA',
  signature: 'c2ln',
  userHandle: 'dXNlcg',
};

const inRoom = `/rooms/${room.slug}`;
const good: readonly Case[] = [
  {
    route: 'POST /account',
    body: { email: 'Marta@example.test', password: 'correct horse battery', displayName: 'Marta Berg' },
    anonymous: true,
    rpc: AccountsService.method.createAccount,
    says: { account, personalToken: 'cnv_shown', sessionToken: `cnv_ses_${'s'.repeat(43)}` },
  },
  {
    route: 'POST /session',
    body: { email: 'Marta@example.test', password: 'correct horse battery' },
    anonymous: true,
    rpc: SessionsService.method.createSession,
    says: { account: { ...account, emailVerified: false }, sessionToken: `cnv_ses_${'s'.repeat(43)}` },
  },
  {
    route: 'POST /session',
    body: { email: 'Marta@example.test', password: 'correct horse battery' },
    anonymous: true,
    rpc: SessionsService.method.createSession,
    says: {
      next: [auth.SignInStep.TOTP, auth.SignInStep.RECOVERY_CODE],
      challengeToken: `cnv_step_${'c'.repeat(43)}`,
      challengeExpiresAt: at(12),
    },
  },
  ...['totp', 'recovery-code'].map((step) => ({
    route: `POST /session/step/${step}`,
    body: { code: '123 456' },
    anonymous: true as const,
    rpc: SessionsService.method.takeSignInStep,
    says: { account, sessionToken: `cnv_ses_${'s'.repeat(43)}` },
  })),
  {
    route: 'POST /session/passkey/begin',
    anonymous: true,
    rpc: SessionsService.method.beginPasskey,
    says: { challenge: 'Y2g', host: 'localhost', timeoutMs: 300_000, passkeyToken: `cnv_pkc_${'p'.repeat(43)}` },
  },
  {
    route: 'POST /session/passkey/finish',
    body: signed,
    anonymous: true,
    rpc: SessionsService.method.signInByPasskey,
    says: { account, sessionToken: `cnv_ses_${'s'.repeat(43)}` },
  },
  {
    route: 'POST /session/proof',
    body: { password: 'correct horse battery' },
    rpc: SessionsService.method.proveSession,
    says: { expiresAt: at(12) },
  },
  { route: 'DELETE /session', rpc: SessionsService.method.endSession, says: {} },
  {
    route: 'POST /account/verify',
    body: { code: '012345' },
    anonymous: true,
    rpc: AccountsService.method.confirmSignUp,
    says: { account, personalToken: 'cnv_shown', sessionToken: `cnv_ses_${'s'.repeat(43)}` },
  },
  {
    route: 'POST /account/recover',
    body: { email: 'Marta@example.test' },
    anonymous: true,
    rpc: RecoveryService.method.startRecovery,
    says: {},
  },
  {
    route: 'POST /account/recover/{token}',
    path: `/account/recover/cnv_rec_${'r'.repeat(43)}`,
    body: { password: 'correct horse battery' },
    anonymous: true,
    rpc: RecoveryService.method.finishRecovery,
    says: {},
  },
  {
    route: 'POST /account/address-back/{token}',
    path: `/account/address-back/cnv_adb_${'b'.repeat(43)}`,
    body: {},
    anonymous: true,
    rpc: AddressesService.method.returnAddress,
    says: {},
  },
  {
    route: 'POST /me/address',
    body: { email: 'Marta@example.test', password: 'correct horse battery' },
    rpc: AddressesService.method.changeAddress,
    says: {},
  },
  {
    route: 'POST /me/address/verify',
    body: { code: '012345' },
    rpc: AddressesService.method.confirmAddress,
    says: { account },
  },
  { route: 'GET /me', rpc: AccountsService.method.getAccount, says: { account } },
  {
    route: 'PATCH /me',
    body: { displayName: 'Marta' },
    rpc: AccountsService.method.updateAccount,
    says: { account: { ...account, displayName: 'Marta' } },
  },
  {
    route: 'GET /me/sessions',
    rpc: SessionsService.method.listSessions,
    says: { sessions: [session, { ...session, id: id(7), userAgent: '', current: false }] },
  },
  { route: 'GET /me/sessions', rpc: SessionsService.method.listSessions, says: {} },
  {
    route: 'DELETE /me/sessions/{id}',
    path: `/me/sessions/${id(6)}`,
    rpc: SessionsService.method.endSession,
    says: {},
  },
  {
    route: 'POST /me/personal-token',
    body: { password: 'correct horse battery' },
    rpc: PersonalTokensService.method.rotatePersonalToken,
    says: { personalToken: 'cnv_new' },
  },
  {
    route: 'GET /me/factors',
    rpc: FactorsService.method.listFactors,
    says: {
      factors: [
        { id: id(9), kind: auth.FactorKind.PASSKEY, name: 'Laptop', createdAt: at(10), lastUsedAt: at(11) },
        { id: id(10), kind: auth.FactorKind.TOTP, name: 'Tablet', createdAt: at(10) },
      ],
      recoveryCodesLeft: 9,
    },
  },
  {
    route: 'POST /me/factors/totp',
    body: { name: 'Phone' },
    rpc: FactorsService.method.beginTotp,
    says: { id: id(9), secret: 'GEZDGNBVGY3TQOJQ', uri: 'otpauth://totp/Conclave' },
  },
  {
    route: 'POST /me/factors/totp/{id}/confirm',
    path: `/me/factors/totp/${id(9)}/confirm`,
    body: { code: '123456' },
    rpc: FactorsService.method.confirmTotp,
    says: { recoveryCodes: ['abcde-fghjk'] },
  },
  {
    route: 'DELETE /me/factors/totp/{id}',
    path: `/me/factors/totp/${id(9)}`,
    rpc: FactorsService.method.removeTotp,
    says: {},
  },
  {
    route: 'POST /me/factors/passkeys/begin',
    rpc: FactorsService.method.beginAddPasskey,
    says: {
      challenge: 'Y2g',
      host: 'localhost',
      userHandle: 'dXNlcg',
      userName: 'a@b.test',
      displayName: 'Marta Berg',
      known: ['a2V5'],
      timeoutMs: 300_000,
      passkeyToken: `cnv_pkc_${'p'.repeat(43)}`,
    },
  },
  {
    route: 'POST /me/factors/passkeys',
    body: { name: 'Laptop', credentialId: 'a2V5', clientData: 'e30', attestationObject: 'oA' },
    rpc: FactorsService.method.addPasskey,
    says: { recoveryCodes: [] },
  },
  {
    route: 'DELETE /me/factors/passkeys/{id}',
    path: `/me/factors/passkeys/${id(9)}`,
    rpc: FactorsService.method.removePasskey,
    says: {},
  },
  {
    route: 'POST /me/factors/recovery-codes',
    rpc: FactorsService.method.renewRecoveryCodes,
    says: { recoveryCodes: ['abcde-fghjk'] },
  },
  { route: 'GET /rooms', rpc: RoomsService.method.listRooms, says: { rooms: [room, quietRoom], next: 'c2' } },
  {
    route: 'GET /rooms',
    path: '/rooms?limit=7&after=c-1',
    rpc: RoomsService.method.listRooms,
    says: { rooms: [], next: '' },
  },
  {
    route: 'POST /rooms',
    body: {
      name: 'Board',
      accessLevel: 'organisation',
      accessCode: 'k7fm-2p9x-wq4d',
      settings: { askPersonalToken: true },
    },
    rpc: RoomsService.method.createRoom,
    says: { room, accessCode: 'k7fm-2p9x-wq4d' },
  },
  {
    route: 'POST /rooms',
    body: { name: 'Board' },
    rpc: RoomsService.method.createRoom,
    says: { room: { ...quietRoom, accessLevel: rooms.AccessLevel.INVITED }, accessCode: 'abcd-efgh-jkmn' },
  },
  { route: 'GET /rooms/{slug}', path: inRoom, rpc: RoomsService.method.getRoom, says: { room } },
  {
    route: 'GET /rooms/{slug}',
    path: inRoom,
    rpc: RoomsService.method.getRoom,
    says: { room: { ...quietRoom, accessLevel: rooms.AccessLevel.ORGANISATION, role: rooms.RoomRole.PARTICIPANT } },
  },
  {
    route: 'PATCH /rooms/{slug}',
    path: inRoom,
    body: { name: 'New', accessLevel: 'code', settings: { askPersonalToken: false } },
    rpc: RoomsService.method.updateRoom,
    says: { room },
  },
  { route: 'PATCH /rooms/{slug}', path: inRoom, body: {}, rpc: RoomsService.method.updateRoom, says: { room } },
  { route: 'DELETE /rooms/{slug}', path: inRoom, rpc: RoomsService.method.deleteRoom, says: {} },
  { route: 'GET /rooms/{slug}/door', path: `${inRoom}/door`, rpc: RoomsService.method.getDoor, says: { door } },
  {
    route: 'GET /rooms/{slug}/door',
    path: `${inRoom}/door`,
    rpc: RoomsService.method.getDoor,
    says: { door: refusedDoor },
  },
  ...[rooms.Standing.OWNER, rooms.Standing.MEMBER, rooms.Standing.INVITED].map((standing) => ({
    route: 'GET /rooms/{slug}/door',
    path: `${inRoom}/door`,
    rpc: RoomsService.method.getDoor,
    says: { door: { ...door, standing, needsPersonalToken: true } },
  })),
  {
    route: 'GET /rooms/{slug}/access-code',
    path: `${inRoom}/access-code`,
    rpc: AccessCodesService.method.getAccessCode,
    says: { accessCode: 'abcd-efgh-jkmn' },
  },
  {
    route: 'GET /rooms/{slug}/access-code',
    path: `${inRoom}/access-code`,
    rpc: AccessCodesService.method.getAccessCode,
    says: {},
  },
  {
    route: 'PUT /rooms/{slug}/access-code',
    path: `${inRoom}/access-code`,
    rpc: AccessCodesService.method.rotateAccessCode,
    says: { accessCode: 'abcd-efgh-jkmn' },
  },
  {
    route: 'DELETE /rooms/{slug}/access-code',
    path: `${inRoom}/access-code`,
    rpc: AccessCodesService.method.removeAccessCode,
    says: {},
  },
  {
    route: 'GET /rooms/{slug}/invitations',
    path: `${inRoom}/invitations?limit=100`,
    rpc: InvitationsService.method.listInvitations,
    says: { invitations, next: 'c3' },
  },
  {
    route: 'POST /rooms/{slug}/invitations',
    path: `${inRoom}/invitations`,
    body: { email: 'a@b.test', expiresAt: '2026-12-24T18:00:00.250+01:00' },
    rpc: InvitationsService.method.createInvitation,
    says: { invitation: invitations[0], link: 'http://x.test/i#cnv_inv_1' },
  },
  {
    route: 'POST /rooms/{slug}/invitations',
    path: `${inRoom}/invitations`,
    body: {},
    rpc: InvitationsService.method.createInvitation,
    says: { invitation: invitations[1], link: 'http://x.test/i#cnv_inv_2' },
  },
  {
    route: 'DELETE /rooms/{slug}/invitations/{id}',
    path: `${inRoom}/invitations/${id(3)}`,
    rpc: InvitationsService.method.revokeInvitation,
    says: {},
  },
  {
    route: 'POST /invitations/accept',
    body: { token: `cnv_inv_${'t'.repeat(43)}` },
    rpc: InvitationsService.method.acceptInvitation,
    says: { slug: room.slug },
  },
  ...[undefined, {}, { accessCode: 'k7fm-2p9x-wq4d', personalToken: 'cnv_mine' }].map((body) => ({
    route: 'POST /rooms/{slug}/entry',
    path: `${inRoom}/entry`,
    ...(body && { body }),
    rpc: EntryService.method.requestEntry,
    says: { joinId, ticket: 'aaa.bbb.ccc', role: rooms.RoomRole.MODERATOR },
  })),
  {
    route: 'GET /rooms/{slug}/lobby',
    path: `${inRoom}/lobby`,
    rpc: LobbyService.method.listWaiting,
    says: { waiting: [{ requestId: id(8), userId: id(1), displayName: 'Marta Berg', verified: true, askedAt: at(9) }] },
  },
  ...(['admit', 'deny'] as const).map((word) => ({
    route: `POST /rooms/{slug}/lobby/{requestId}/${word}`,
    path: `${inRoom}/lobby/${id(8)}/${word}`,
    rpc: LobbyService.method[`${word}Waiting`],
    says: {},
  })),
  {
    route: 'PUT /rooms/{slug}/newcomers-wait',
    path: `${inRoom}/newcomers-wait`,
    body: { wait: true },
    rpc: LobbyService.method.setNewcomersWait,
    says: { newcomersWaitSince: at(9) },
  },
  {
    route: 'GET /rooms/{slug}/entry',
    path: `${inRoom}/entry`,
    rpc: LobbyService.method.getOwnRequest,
    says: { state: rooms.EntryRequestState.WAITING, expiresAt: at(10) },
  },
  {
    route: 'DELETE /rooms/{slug}/entry',
    path: `${inRoom}/entry`,
    rpc: LobbyService.method.cancelRequest,
    says: {},
  },
  {
    route: 'POST /rooms/{slug}/leave',
    path: `${inRoom}/leave`,
    body: { joinId },
    rpc: EntryService.method.leave,
    says: {},
  },
  {
    route: 'GET /rooms/{slug}/participants',
    path: `${inRoom}/participants`,
    rpc: ParticipantsService.method.listParticipants,
    says: {
      participants: [rooms.RoomRole.OWNER, rooms.RoomRole.MODERATOR, rooms.RoomRole.PARTICIPANT].map((role) => ({
        ...participant,
        role,
        state: rooms.ParticipantState.INSIDE,
      })),
    },
  },
  {
    route: 'PATCH /rooms/{slug}/members/{userId}',
    path: `${inRoom}/members/01939000-0000-7000-8000-000000000002`,
    body: { role: 'moderator' },
    rpc: rooms.MembersService.method.setMemberRole,
    says: {},
  },
  {
    route: 'POST /rooms/{slug}/participants/{joinId}/remove',
    path: `${inRoom}/participants/${joinId}/remove`,
    rpc: ParticipantsService.method.removeParticipant,
    says: { codeChanged: true, newcomersWait: true },
  },
  {
    route: 'POST /rooms/{slug}/participants/{joinId}/mute',
    path: `${inRoom}/participants/${joinId}/mute`,
    rpc: ParticipantsService.method.muteParticipant,
    says: {},
  },
  { route: 'POST /rooms/{slug}/end', path: `${inRoom}/end`, rpc: ParticipantsService.method.endMeeting, says: {} },
  {
    route: 'GET /rooms/{slug}/messages',
    path: `${inRoom}/messages?limit=2&before=01939000-0000-7000-8000-000000000009`,
    rpc: MessagesService.method.listMessages,
    says: { messages: [message, message], next: 'c4' },
  },
  {
    route: 'POST /rooms/{slug}/messages',
    path: `${inRoom}/messages`,
    body: { text: 'Hello\n<world>' },
    rpc: MessagesService.method.postMessage,
    says: { message },
  },
  {
    route: 'GET /rooms/{slug}/files',
    path: `${inRoom}/files`,
    rpc: files.FilesService.method.listFiles,
    says: { files: [file, ...filesOf], next: '', maxFileBytes: 5_368_709_120n },
  },
  {
    route: 'GET /rooms/{slug}/uploads',
    path: `${inRoom}/uploads`,
    rpc: files.UploadsService.method.listUploads,
    says: {
      uploads: [
        { ...upload, offset: 8_388_608n, expiresAt: at(9) },
        { ...upload, id: id(6) },
      ],
    },
  },
  {
    route: 'GET /rooms/{slug}/files/{id}',
    path: `${inRoom}/files/${id(5)}`,
    rpc: files.FilesService.method.getFile,
    says: { file: { ...file, size: 0n } },
  },
  {
    route: 'GET /rooms/{slug}/files/{id}/digest',
    path: `${inRoom}/files/${id(5)}/digest`,
    rpc: files.FilesService.method.getDigest,
    says: { sha256: 'ab'.repeat(32) },
  },
  {
    route: 'DELETE /rooms/{slug}/files/{id}',
    path: `${inRoom}/files/${id(5)}`,
    rpc: files.FilesService.method.deleteFile,
    says: {},
  },
  {
    route: 'POST /traces/join',
    body: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, durationMs: 900, outcome: 'ok' },
  },
];

/** Requests that do not fit; nothing of them reaches a service. */
const bad: readonly Case[] = [
  ...[
    undefined,
    null,
    [],
    'x',
    {},
    { name: 7 },
    { name: '' },
    { name: null },
    { name: 'x', ownerId: 'me' },
    { name: 'x', accessLevel: 'everyone' },
    { name: 'x', accessLevel: 1 },
    { name: 'x', accessLevel: 'ACCESS_LEVEL_CODE' },
    { name: 'x', accessLevel: 'unspecified' },
    { name: 'x', settings: { askPersonalToken: 'yes' } },
    { name: 'x', settings: { other: true } },
    { name: 'x', settings: [] },
  ].map((body) => ({ route: 'POST /rooms', body })),
  ...[{ name: 3 }, { accessLevel: 'x' }, { slug: 'other' }, { settings: 1 }].map((body) => ({
    route: 'PATCH /rooms/{slug}',
    path: inRoom,
    body,
  })),
  ...['limit=0', 'limit=101', 'limit=x', 'limit=-1', 'limit=1.5', `after=${'a'.repeat(600)}`].map((query) => ({
    route: 'GET /rooms',
    path: `/rooms?${query}`,
  })),
  ...['Some-Room', 'a b', '-a', 'a'.repeat(65), 'a_b'].map((slug) => ({
    route: 'GET /rooms/{slug}',
    path: `/rooms/${encodeURIComponent(slug)}`,
  })),
  ...['x', id(3).slice(1), `${id(3)}0`].map((wrong) => ({
    route: 'DELETE /rooms/{slug}/invitations/{id}',
    path: `${inRoom}/invitations/${wrong}`,
  })),
  { route: 'GET /rooms/{slug}/files/{id}', path: `${inRoom}/files/nothing` },
  { route: 'DELETE /me/sessions/{id}', path: '/me/sessions/nothing' },
  {
    route: 'POST /rooms/{slug}/participants/{joinId}/mute',
    path: `${inRoom}/participants/short/mute`,
  },
  ...[undefined, {}, { joinId: 'short' }, { joinId: 7 }, { joinId, slug: 'x' }].map((body) => ({
    route: 'POST /rooms/{slug}/leave',
    path: `${inRoom}/leave`,
    body,
  })),
  ...[{ email: 7 }, { expiresAt: 'soon' }, { expiresAt: '2026-12-24' }, { expiresAt: 7 }, { status: 'pending' }].map(
    (body) => ({ route: 'POST /rooms/{slug}/invitations', path: `${inRoom}/invitations`, body }),
  ),
  ...[{}, { token: '' }, { token: 'x'.repeat(257) }].map((body) => ({ route: 'POST /invitations/accept', body })),
  ...[{ accessCode: 1 }, { accessCode: 'x'.repeat(129) }, { personalToken: 'x'.repeat(257) }, { code: 'x' }].map(
    (body) => ({ route: 'POST /rooms/{slug}/entry', path: `${inRoom}/entry`, body }),
  ),
  ...[{}, { text: '' }, { text: 'x'.repeat(8001) }, { text: ['x'] }].map((body) => ({
    route: 'POST /rooms/{slug}/messages',
    path: `${inRoom}/messages`,
    body,
  })),
  ...[
    {},
    { email: 'a@b.test', password: 'x'.repeat(20) },
    { email: 'a@b.test', password: 'x'.repeat(1025), displayName: 'M' },
    { email: 'a'.repeat(321), password: 'x'.repeat(20), displayName: 'M' },
    { email: 'a@b.test', password: 'x'.repeat(20), displayName: '' },
    { email: 'a@b.test', password: 'x'.repeat(20), displayName: 'M', userAgent: 'x' },
  ].map((body) => ({ route: 'POST /account', body, anonymous: true as const })),
  ...[{ email: 'a@b.test' }, { email: 'a@b.test', password: 'x', clientAddress: '::1' }].map((body) => ({
    route: 'POST /session',
    body,
    anonymous: true as const,
  })),
  { route: 'PATCH /me', body: { displayName: '' } },
  { route: 'POST /me/personal-token', body: { password: 1 } },
  { route: 'POST /traces/join', body: { traceparent: '00-0-0-01', durationMs: 900, outcome: 'ok' } },
];

interface Recorded {
  readonly request: string;
  readonly body?: unknown;
  readonly status: number;
  readonly type: string;
  readonly cookie?: readonly string[];
  readonly answer: string;
  readonly asked: readonly object[];
}

describe('the answers of the API', () => {
  let world: World;
  let marta: Person;
  const all = [...good, ...bad];
  const known = process.env['RECORD_ANSWERS'] ? [] : (JSON.parse(readFileSync(recording, 'utf8')) as Recorded[]);
  const made: Recorded[] = [];

  beforeAll(async () => {
    world = await openWorld();
    marta = world.person();
    for (const { rpc } of good) if (rpc) world.services.on(rpc, () => ({}));
    await world.services.settled();
  }, 60_000);
  afterAll(async () => {
    if (process.env['RECORD_ANSWERS']) writeFileSync(recording, `${JSON.stringify(made, null, 2)}\n`);
    await world.close();
  });

  it.each(
    all.map(
      (one, index) => [index, `${one.route} ${JSON.stringify(one.body ?? one.path ?? '').slice(0, 60)}`] as const,
    ),
  )('are as they were recorded: %i %s', async (index) => {
    const one = all[index]!;
    const [method = '', template = ''] = one.route.split(' ');
    if (one.rpc) world.services.on(one.rpc, () => one.says as never);
    world.services.heard.length = 0;
    const { status, headers, text } = await world.ask(method, `/api/v1${one.path ?? template}`, {
      ...(!one.anonymous && { as: marta }),
      ...(one.body !== undefined && { body: one.body }),
      headers: { 'user-agent': 'Recorder/1' },
    });
    const recorded = {
      request: `${method} ${one.path ?? template}`,
      ...(one.body !== undefined && { body: one.body }),
      status,
      type: String(headers['content-type'] ?? ''),
      ...(headers['set-cookie'] && { cookie: headers['set-cookie'] }),
      // What a person may do, and that a participant may be a service, came later.
      answer: text
        .replaceAll(',"service":null', '')
        .replaceAll(/,"can":\[[^\]]*\]/g, '')
        .replace(/"correlationId":"[^"]+"/, '"correlationId":"…"')
        .replaceAll(world.origin.slice(4), '…'),
      asked: world.services.heard
        .filter(({ method: name }) => !name.startsWith('Resolve'))
        .map(({ method: name, request }) => ({ name, request: plain(request) })),
    };
    made.push(recorded);
    if (!process.env['RECORD_ANSWERS']) expect(recorded).toEqual(known[index]);
  });

  it('say what the caller may do, in words that we know', async () => {
    const can = ['room.update', 'newer.word'];
    world.services.on(RoomsService.method.getRoom, () => ({ room: { ...room, can } }));
    expect((await world.ask('GET', `/api/v1${inRoom}`, { as: marta })).json.can).toEqual(['room.update']);
  });

  it('cover every route that answers JSON', () => {
    const json = world.gateway.routes.filter(({ kind }) => kind !== 'stream');
    const seen = new Set(all.map(({ route }) => route));
    expect(json.map(({ method, path }) => `${method} ${path}`).filter((route) => !seen.has(route))).toEqual([]);
  });
});

/** A message without its type's name, and its numbers as text. */
const plain = (request: object): unknown =>
  JSON.parse(
    JSON.stringify(request, (key, value: unknown) =>
      key.startsWith('$') ? undefined : typeof value === 'bigint' ? String(value) : value,
    ),
  );
