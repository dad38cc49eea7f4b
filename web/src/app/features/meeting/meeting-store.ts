import { computed, DestroyRef, inject, Injectable, signal } from '@angular/core';
import { Api, type AccessLevel, type Door, type EnterAnswer, type Permission, type StayEnd } from '../../core/api/api';
import { EventsSocket, type EventsListener } from '../../core/events/events-socket';
import type { RoomEvent } from '../../core/events/room-event';
import type { Handover } from '../../core/media/handover';
import type { DeviceKind, DeviceProblem } from '../../core/media/device-problem';
import { ROLE_WORDS } from '../../core/room-words';
import { leaveLastJoin } from '../../core/session/last-join';
import { Session } from '../../core/session/session';
import { serverNow } from '../../core/time/server-clock';
import { Dialogs } from '../../shared/dialog/dialogs';
import { Leaving } from '../../shared/leaving/leaving';
import { Toasts } from '../../shared/toast/toasts';
import { RoomFiles } from '../files';
import { Announcer } from './announcer';
import { ChatStore } from './chat-store';
import { causeOfStay, type EndCause } from './end-cause';
import { Lobby } from './lobby';
import { MeetingRoom, type MediaListener } from './meeting-room';
import { Rights } from './rights';
import { Typing } from './typing';
import { WayBack } from './way-back';

/** A connection that mends itself is left alone for so long; then the door is asked whether there is anything left to mend. */
const MENDS_ITSELF_MS = 5_000;
const LISTENS_AGAIN_MS = 1_000;

/** What the person has just allowed does not go on by itself: others would hear or see them unasked. */
const ALLOWED: Record<DeviceKind, { readonly words: string; readonly turnOn: string }> = {
  microphone: {
    words: $localize`:@@meeting.microphoneAllowed:The microphone is allowed now.`,
    turnOn: $localize`:@@meeting.microphoneOn:Turn microphone on`,
  },
  camera: {
    words: $localize`:@@meeting.cameraAllowed:The camera is allowed now.`,
    turnOn: $localize`:@@meeting.cameraOn:Turn camera on`,
  },
};

/** One stay in a meeting, from admission to the reason it ended: media, events, chat and files together. */
@Injectable()
export class MeetingStore implements MediaListener {
  private readonly api = inject(Api);
  private readonly announcer = inject(Announcer);
  private readonly chat = inject(ChatStore);
  private readonly dialogs = inject(Dialogs);
  private readonly events = inject(EventsSocket);
  private readonly files = inject(RoomFiles);
  private readonly lobby = inject(Lobby);
  private readonly rights = inject(Rights);
  private readonly room = inject(MeetingRoom);
  private readonly session = inject(Session);
  private readonly toasts = inject(Toasts);
  private readonly typing = inject(Typing);
  private readonly leaving = inject(Leaving);
  private readonly wayBack = inject(WayBack);
  private joinId = '';
  private endsForAll = false;
  private mending: ReturnType<typeof setInterval> | undefined;

  /** The room's public facts, kept fresh. */
  readonly door = signal<Door | null>(null);
  /** Null while inside. */
  readonly cause = signal<EndCause | null>(null);
  readonly startedAt = signal(serverNow());
  readonly slug = computed(() => this.door()?.slug ?? '');
  readonly roomName = computed(() => this.door()?.name ?? '');
  readonly accessLevel = computed<AccessLevel>(() => this.door()?.accessLevel ?? 'invited');

  constructor() {
    // Leaving the page by any way counts as leaving the meeting.
    this.leaving.hold('ends', () =>
      this.room.sharing() ? $localize`:@@leaving.share:You are presenting, and that ends.` : null,
    );
    const goes = () => {
      if (this.joinId && this.cause() === null) leaveLastJoin(this.slug(), this.joinId);
    };
    addEventListener('pagehide', goes);
    inject(DestroyRef).onDestroy(() => {
      removeEventListener('pagehide', goes);
      if (this.joinId && this.cause() === null) void this.goOut();
    });
  }

  may(permission: Permission): boolean {
    return this.rights.may(permission);
  }

  async begin(handover: Handover): Promise<void> {
    const { door, entry } = handover;
    this.joinId = entry.joinId;
    this.door.set(door);
    this.rights.open(door.slug, entry.can, entry.joinId);
    if (door.meeting) this.startedAt.set(Date.parse(door.meeting.startedAt));
    this.wayBack.begin(door.slug, entry);
    this.chat.prepare(door.slug);
    try {
      await this.room.connect(handover, this);
      this.tell(handover, 'ok');
    } catch {
      this.tell(handover, 'failed');
      if (this.cause() === null) await this.finish((await this.wayBack.over()) ?? 'not-connected');
      return;
    }
    if (this.cause() !== null) return;
    void this.chat.open(this.slug(), this.session.me()?.id ?? '');
    this.open(entry);
  }

  /** Inside by this entry, for the first time or again: everything that stands on it begins. */
  private open(entry: EnterAnswer): void {
    const slug = this.slug();
    this.joinId = entry.joinId;
    this.rights.open(slug, entry.can, entry.joinId);
    this.wayBack.begin(slug, entry);
    this.typing.begin(slug, entry.joinId);
    this.lobby.open(slug);
    this.listen();
    this.chat.resume();
    void this.files.open(slug);
  }

  private listen(): void {
    const listener: EventsListener = {
      event: (event) => this.heard(event),
      connected: () => this.catchUp(),
      ended: (reason) => void this.stayEnded(reason),
      refused: (state) => void (state === 'signed-out' ? this.finish('signed-out') : this.lookAfterStay()),
    };
    this.events.open(this.slug(), listener, this.joinId);
  }

  /** Only figures of operators hang on this; it may fail. */
  private tell({ trace }: Handover, outcome: 'ok' | 'failed'): void {
    if (trace?.recorded) void this.api.joined(trace.report(outcome)).catch(() => undefined);
  }

  async leave(): Promise<void> {
    if (this.cause() === null && !(await this.leaving.ask(['lost']))) return;
    await this.goOut();
  }

  private async goOut(): Promise<void> {
    const [slug, joinId] = [this.slug(), this.joinId];
    // Whoever comes straight back is not elsewhere, though the room may not know yet that they went.
    leaveLastJoin(slug, joinId);
    await this.finish('left');
    // The media server has seen us go; telling the room only makes it certain sooner.
    await this.api.leave(slug, { joinId }).catch(() => undefined);
  }

  async endForAll(): Promise<void> {
    this.endsForAll = true;
    try {
      await this.api.endMeeting(this.slug());
      await this.finish('ended-by-me');
    } catch (error) {
      this.endsForAll = false;
      this.toasts.fail(error);
    }
  }

  gone(): void {
    void this.lookAfterStay();
  }

  reconnecting(now: boolean): void {
    clearInterval(this.mending);
    if (now) this.mending = setInterval(() => void this.lookAfterStay(), MENDS_ITSELF_MS);
  }

  notYet(): void {
    this.toasts.say($localize`:@@meeting.notYet:You are not inside yet. Try again as soon as you are.`);
  }

  mutedByHost(): void {
    this.toasts.say($localize`:@@meeting.mutedByHost:A host muted you. You can turn your microphone on again.`);
  }

  deviceFailed({ kind, title, text }: DeviceProblem): void {
    this.toasts.say($localize`:@@meeting.deviceFailed:${title}:TITLE:. ${text}:TEXT:`, kind);
  }

  deviceMended(kind: DeviceKind): void {
    this.toasts.mended(kind);
  }

  deviceAllowed(kind: DeviceKind): void {
    const { words, turnOn } = ALLOWED[kind];
    const run = () => void (kind === 'camera' ? this.room.setCamera(true) : this.room.setMicrophone(true));
    this.toasts.ask(words, [{ label: turnOn, run }]);
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
        this.announcer.shared(event.data.ownerId);
        return void this.files.load();
      case 'file.deleted':
        return void this.files.load();
      case 'participant.joined':
        void this.rights.readPeople();
        if (event.data.joinId !== this.joinId && event.data.displayName)
          this.announcer.joined(event.data.joinId, event.data.displayName);
        return;
      case 'participant.left':
        return this.announcer.left(event.data.joinId);
      case 'participant.removed':
        if (event.data.joinId === this.joinId) void this.lookAfterStay();
        return;
      case 'participant.permissions':
        return void this.readRights(event.data.joinId);
      case 'meeting.started':
        return this.startedAt.set(Date.parse(event.at) || serverNow());
      case 'meeting.ended':
      case 'room.deleted':
        return void this.lookAfterStay();
      case 'lobby.entered':
        return void this.lobby.knocked(event.data.userId);
      case 'code.guessed':
        return this.lobby.guessed();
      case 'room.updated':
        // Names too: of the room, and of somebody who has a new one.
        void this.rights.refresh();
        void this.chat.refresh();
        void this.files.load();
        return void this.readDoor();
    }
  }

  /** What happened before the socket stood is fetched, not guessed. */
  private catchUp(): void {
    void this.chat.refresh();
    void this.files.load();
    void this.readDoor();
    void this.rights.refresh();
    this.lobby.open(this.slug());
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

  /** The server says how it ended. Where it ended by itself, there is a way back. */
  private async stayEnded(reason: StayEnd): Promise<void> {
    const cause = causeOfStay(reason);
    await (cause ? this.finish(cause) : this.lookAfterStay());
  }

  /** Something is wrong, or may be: the door says whether the stay goes on, and where it was cut off, we come back in. */
  private async lookAfterStay(): Promise<void> {
    if (this.cause() !== null) return;
    const outcome = await this.wayBack.look(() => {
      this.reconnecting(false);
      this.events.close();
      this.chat.pause();
      this.files.pause();
    });
    if (!outcome || this.cause() !== null) return;
    if (outcome.kind === 'over') return this.finish(outcome.cause);
    if (outcome.kind === 'back') return this.open(outcome.entry);
    // Nothing is wrong with the stay, though the log was closed to it: it opens again in a moment.
    if (this.events.state() === 'refused') setTimeout(() => this.cause() === null && this.listen(), LISTENS_AGAIN_MS);
  }

  private async finish(cause: EndCause): Promise<void> {
    if (this.cause() !== null) return;
    // The room may tell of it before the answer does.
    this.cause.set(cause === 'ended-by-host' && this.endsForAll ? 'ended-by-me' : cause);
    this.reconnecting(false);
    this.wayBack.end();
    this.events.close();
    this.files.close();
    this.chat.close();
    this.typing.close();
    this.lobby.close();
    // Nothing that was asked about the meeting stands over the words of its end.
    this.dialogs.closeAll();
    this.toasts.forgetAsked();
    await this.room.leave();
  }
}
