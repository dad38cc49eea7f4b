import { inject, Injectable } from '@angular/core';
import { Http } from './http';
import type { JoinTrace } from './join-trace';
import type {
  CreatedInvitation,
  CreatedRoom,
  Door,
  Entry,
  FilePage,
  Invitation,
  Me,
  Message,
  NewRoom,
  Page,
  ParticipantInfo,
  Room,
  SessionInfo,
} from './types';

const at = encodeURIComponent;

/** Every route of the API the app uses, one method each. */
@Injectable({ providedIn: 'root' })
export class Api {
  private readonly http = inject(Http);

  // People
  signUp = (body: { email: string; password: string; displayName: string }) =>
    this.http.call<{ user: Me; personalToken: string }>('POST', '/account', { body });
  signIn = (body: { email: string; password: string }) => this.http.call<{ user: Me }>('POST', '/session', { body });
  signOut = () => this.http.call<undefined>('DELETE', '/session');
  me = () => this.http.call<Me>('GET', '/me');
  rename = (displayName: string) => this.http.call<Me>('PATCH', '/me', { body: { displayName } });
  sessions = () => this.http.call<Page<SessionInfo>>('GET', '/me/sessions');
  endSession = (id: string) => this.http.call<undefined>('DELETE', `/me/sessions/${at(id)}`);
  rotatePersonalToken = (password: string) =>
    this.http.call<{ personalToken: string }>('POST', '/me/personal-token', { body: { password } });

  // Rooms
  rooms = (after?: string) => this.http.call<Page<Room>>('GET', `/rooms?limit=50${after ? `&after=${at(after)}` : ''}`);
  createRoom = (body: NewRoom) =>
    this.http.call<CreatedRoom>('POST', '/rooms', { body, idempotencyKey: crypto.randomUUID() });
  room = (slug: string) => this.http.call<Room>('GET', `/rooms/${at(slug)}`);
  changeRoom = (slug: string, body: Partial<NewRoom>) => this.http.call<Room>('PATCH', `/rooms/${at(slug)}`, { body });
  deleteRoom = (slug: string) => this.http.call<undefined>('DELETE', `/rooms/${at(slug)}`);
  door = (slug: string) => this.http.call<Door>('GET', `/rooms/${at(slug)}/door`);
  accessCode = (slug: string) => this.http.call<{ accessCode: string | null }>('GET', `/rooms/${at(slug)}/access-code`);
  rotateAccessCode = (slug: string) => this.http.call<{ accessCode: string }>('PUT', `/rooms/${at(slug)}/access-code`);
  removeAccessCode = (slug: string) => this.http.call<undefined>('DELETE', `/rooms/${at(slug)}/access-code`);

  // Invitations
  invitations = (slug: string) => this.http.call<Page<Invitation>>('GET', `/rooms/${at(slug)}/invitations`);
  invite = (slug: string, email?: string) =>
    this.http.call<CreatedInvitation>('POST', `/rooms/${at(slug)}/invitations`, { body: email ? { email } : {} });
  revokeInvitation = (slug: string, id: string) =>
    this.http.call<undefined>('DELETE', `/rooms/${at(slug)}/invitations/${at(id)}`);
  acceptInvitation = (token: string) =>
    this.http.call<{ slug: string }>('POST', '/invitations/accept', { body: { token } });

  // The meeting
  enter = (slug: string, body: { accessCode?: string; personalToken?: string }, trace?: JoinTrace) =>
    this.http.call<Entry>('POST', `/rooms/${at(slug)}/entry`, { body, ...(trace && { trace }) });
  joined = (trace: JoinTrace, outcome: 'ok' | 'failed') =>
    this.http.call<undefined>('POST', '/traces/join', { body: trace.report(outcome) });
  leave = (slug: string, joinId: string) =>
    this.http.call<undefined>('POST', `/rooms/${at(slug)}/leave`, { body: { joinId } });
  endMeeting = (slug: string) => this.http.call<undefined>('POST', `/rooms/${at(slug)}/end`);
  participants = (slug: string) => this.http.call<Page<ParticipantInfo>>('GET', `/rooms/${at(slug)}/participants`);
  removeParticipant = (slug: string, joinId: string) =>
    this.http.call<undefined>('POST', `/rooms/${at(slug)}/participants/${at(joinId)}/remove`);
  muteParticipant = (slug: string, joinId: string) =>
    this.http.call<undefined>('POST', `/rooms/${at(slug)}/participants/${at(joinId)}/mute`);

  // Chat
  messages = (slug: string, before?: string) =>
    this.http.call<Page<Message>>(
      'GET',
      `/rooms/${at(slug)}/messages?limit=50${before ? `&before=${at(before)}` : ''}`,
    );
  sendMessage = (slug: string, text: string, idempotencyKey: string) =>
    this.http.call<Message>('POST', `/rooms/${at(slug)}/messages`, { body: { text }, idempotencyKey });

  // Files; the bytes go up through core/api/upload and come down through a plain link
  files = (slug: string) => this.http.call<FilePage>('GET', `/rooms/${at(slug)}/files`);
  deleteFile = (slug: string, id: string) => this.http.call<undefined>('DELETE', `/rooms/${at(slug)}/files/${at(id)}`);
}
