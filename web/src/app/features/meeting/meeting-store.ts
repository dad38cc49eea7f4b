import { computed, DestroyRef, inject, Injectable, signal } from '@angular/core';
import { isErrorReason } from '@conclave/errors';
import { Api, type AccessLevel, type Door, type Permission } from '../../core/api/api';
import { ApiProblem, asProblem } from '../../core/api/problem';
import { EventsSocket } from '../../core/events/events-socket';
import type { RoomEvent } from '../../core/events/room-event';
import type { Handover } from '../../core/media/handover';
import type { DeviceProblem } from '../../core/media/device-problem';
import { ROLE_WORDS } from '../../core/room-words';
import { Session } from '../../core/session/session';
import { serverNow } from '../../core/time/server-clock';
import { Toasts } from '../../shared/toast/toasts';
import { RoomFiles } from '../files';
import { ChatStore } from './chat-store';
import { endCause, mediaReason, type EndCause } from './end-cause';
import { MeetingRoom, type MediaListener } from './meeting-room';
import { Rights } from './rights';
import { Typing } from './typing';

/** One stay in a meeting, from admission to the reason it ended: media, events, chat and files together. */
@Injectable()
export class MeetingStore implements MediaListener {
  private readonly api = inject(Api);
  private readonly chat = inject(ChatStore);
  private readonly events = inject(EventsSocket);
  private readonly files = inject(RoomFiles);
  private readonly rights = inject(Rights);
  private readonly room = inject(MeetingRoom);
  private readonly session = inject(Session);
  private readonly toasts = inject(Toasts);
  private readonly typing = inject(Typing);
  private joinId = '';

  /** The room's public facts, kept fresh. */
  readonly door = signal<Door | null>(null);
  /** Null while inside. */
  readonly cause = signal<EndCause | null>(null);
  readonly startedAt = signal(serverNow());
  /** Who came and went, for screen readers. */
  readonly said = signal('');
  readonly slug = computed(() => this.door()?.slug ?? '');
  readonly roomName = computed(() => this.door()?.name ?? '');
  readonly accessLevel = computed<AccessLevel>(() => this.door()?.accessLevel ?? 'invited');

  constructor() {
    // Leaving the page by any way counts as leaving the meeting.
    inject(DestroyRef).onDestroy(() => {
      if (this.joinId && this.cause() === null) void this.leave();
    });
  }

  may(permission: Permission): boolean {
    return this.rights.may(permission);
  }

  async begin(handover: Handover): Promise<void> {
    const { door, entry } = handover;
    this.joinId = entry.joinId;
    this.door.set(door);
    this.rights.open(door.slug, entry.can);
    if (door.meeting) this.startedAt.set(Date.parse(door.meeting.startedAt));
    try {
      await this.room.connect(handover, this);
      this.tell(handover, 'ok');
    } catch {
      this.tell(handover, 'failed');
      if (this.cause() === null) await this.finish('not-connected');
      return;
    }
    if (this.cause() !== null) return;
    this.typing.begin(this.slug(), this.joinId);
    this.events.open(this.slug(), {
      event: (event) => this.heard(event),
      connected: () => this.catchUp(),
      refused: (state) => void this.cut(state === 'signed-out' ? 'signed-out' : null),
    });
    void this.chat.open(this.slug(), this.session.me()?.id ?? '');
    void this.files.open(this.slug());
  }

  /** Only figures of operators hang on this; it may fail. */
  private tell({ trace }: Handover, outcome: 'ok' | 'failed'): void {
    if (trace?.recorded) void this.api.joined(trace.report(outcome)).catch(() => undefined);
  }

  async leave(): Promise<void> {
    const [slug, joinId] = [this.slug(), this.joinId];
    await this.finish('left');
    // The media server has seen us go; telling the room only makes it certain sooner.
    await this.api.leave(slug, { joinId }).catch(() => undefined);
  }

  async endForAll(): Promise<void> {
    try {
      await this.api.endMeeting(this.slug());
      await this.finish('ended-by-host');
    } catch (error) {
      this.toasts.fail(error);
    }
  }

  ended(reason: number | undefined): void {
    void this.explain(reason);
  }

  mutedByHost(): void {
    this.toasts.say($localize`:@@meeting.mutedByHost:A host muted you. You can turn your microphone on again.`);
  }

  deviceFailed({ title, text }: DeviceProblem): void {
    this.toasts.say($localize`:@@meeting.deviceFailed:${title}:TITLE:. ${text}:TEXT:`);
  }

  sharingFailed(error: unknown): void {
    // Closing the browser's chooser is a decision, not a failure.
    if (error instanceof Error && error.name === 'NotAllowedError') return;
    this.toasts.say(
      $localize`:@@meeting.sharingFailed:Your screen could not be presented. Allow it in the system’s privacy settings, then try again.`,
    );
  }

  private heard(event: RoomEvent): void {
    switch (event.type) {
      case 'message.created':
        return void this.chat.refresh();
      case 'file.available':
      case 'file.deleted':
        return void this.files.load();
      case 'participant.joined':
        void this.rights.readPeople();
        if (event.data.joinId !== this.joinId && event.data.displayName)
          // eslint-disable-next-line conclave/isolated-names -- a label is heard
          this.said.set($localize`:@@meeting.joined:${event.data.displayName}:NAME: joined.`);
        return;
      case 'participant.left':
        return this.said.set($localize`:@@meeting.somebodyLeft:Somebody left.`);
      case 'participant.removed':
        if (event.data.joinId === this.joinId) void this.finish('removed');
        return;
      case 'participant.permissions':
        return void this.readRights(event.data.joinId);
      case 'meeting.started':
        return this.startedAt.set(Date.parse(event.at) || serverNow());
      case 'meeting.ended':
        return void this.cut('ended-by-host');
      case 'room.updated':
        void this.rights.refresh();
        return void this.readDoor();
      case 'room.deleted':
        return void this.finish('room-deleted');
    }
  }

  /** What happened before the socket stood is fetched, not guessed. */
  private catchUp(): void {
    void this.chat.refresh();
    void this.files.load();
    void this.readDoor();
    void this.rights.refresh();
  }

  /** A new role of one's own changes what is offered everywhere, files included, and is said once. */
  private async readRights(joinId: string): Promise<void> {
    void this.files.load();
    const role = await this.rights.refresh();
    if (role && joinId === this.joinId)
      this.toasts.say($localize`:@@meeting.newRole:Your role here is now: ${ROLE_WORDS[role]}:ROLE:.`);
  }

  private async readDoor(): Promise<void> {
    const door = await this.api.door(this.slug()).catch(() => null);
    if (door && door.standing !== 'refused') {
      this.door.set(door);
      if (door.meeting) this.startedAt.set(Date.parse(door.meeting.startedAt));
    }
  }

  /** The room's log is closed to us: files and messages close at once, then the reason is found. */
  private async cut(cause: EndCause | null): Promise<void> {
    if (this.cause() !== null) return;
    if (cause) return this.finish(cause);
    this.files.close();
    await this.explain(DISCONNECTED_REMOVED);
  }

  private async explain(reason: number | undefined): Promise<void> {
    if (this.cause() !== null) return;
    this.files.close();
    await this.finish(endCause(mediaReason(reason), await this.askDoor()));
  }

  /** Null when the door would open again, its refusal otherwise. */
  private async askDoor(): Promise<ApiProblem | null> {
    try {
      const door = await this.api.door(this.slug());
      if (door.standing !== 'refused') return null;
      return new ApiProblem(door.reason && isErrorReason(door.reason) ? door.reason : 'NOT_INVITED');
    } catch (error) {
      return asProblem(error);
    }
  }

  private async finish(cause: EndCause): Promise<void> {
    if (this.cause() !== null) return;
    this.cause.set(cause);
    this.events.close();
    this.files.close();
    this.chat.close();
    this.typing.close();
    await this.room.leave();
  }
}

/** LiveKit's DisconnectReason.PARTICIPANT_REMOVED. */
const DISCONNECTED_REMOVED = 4;
