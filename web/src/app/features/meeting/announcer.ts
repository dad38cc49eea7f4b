import { computed, effect, inject, Injectable, signal, untracked } from '@angular/core';
import { chime } from '../../core/attention/chime';
import { Notices } from '../../core/attention/notices';
import { ChatStore } from './chat-store';
import { MeetingRoom } from './meeting-room';
import { Rights } from './rights';

interface Said {
  readonly id: number;
  readonly text: string;
}

/**
 * Says once what others do: read out for whoever listens to the page, as much as they want; with a sound and a notification for
 * what needs attention. What the log of the open chat or a toast says itself is not said here again.
 */
@Injectable()
export class Announcer {
  private readonly notices = inject(Notices);
  private readonly room = inject(MeetingRoom);
  private readonly chat = inject(ChatStore);
  private readonly rights = inject(Rights);
  private readonly names = new Map<string, string>();
  /** Whose arrival was said, by their admission. */
  private readonly arrived = new Set<string>();
  private readonly latest = signal<Said>({ id: 0, text: '' });
  private presenting: ReadonlySet<string> = new Set();
  private unread = 0;
  /** For the live region: the same words said twice are two announcements. */
  readonly said = computed(() => [this.latest()]);
  /** For notifications: where it happens. */
  roomName = '';

  constructor() {
    effect(() => {
      for (const { joinId, name } of this.room.participants()) this.names.set(joinId, name);
    });
    effect(() => {
      const arriving = this.rights.arriving().filter(({ joinId }) => !this.arrived.has(joinId));
      untracked(() => {
        for (const { joinId, displayName } of arriving) {
          this.arrived.add(joinId);
          // eslint-disable-next-line conclave/isolated-names -- a label is heard
          this.say($localize`:@@meeting.saidArriving:${displayName}:NAME: is on the way in.`);
        }
      });
    });
    effect(() => {
      const others = this.room.presenters().filter(({ local }) => !local);
      const before = this.presenting;
      this.presenting = new Set(others.map(({ joinId }) => joinId));
      untracked(() => {
        for (const { joinId, name } of others)
          // eslint-disable-next-line conclave/isolated-names -- a label is heard
          if (!before.has(joinId)) this.say($localize`:@@meeting.saidPresenting:${name}:NAME: is presenting.`);
        for (const joinId of before)
          if (!this.presenting.has(joinId))
            // eslint-disable-next-line conclave/isolated-names -- a label is heard
            this.say($localize`:@@meeting.saidStopped:${this.nameOf(joinId)}:NAME: stopped presenting.`);
      });
    });
    effect(() => {
      const unread = this.chat.unread();
      const author = this.chat.messages()?.at(-1)?.author.displayName;
      untracked(() => {
        if (unread > this.unread && author)
          // eslint-disable-next-line conclave/isolated-names -- a label is heard
          this.call($localize`:@@meeting.saidMessage:Message from ${author}:NAME:.`);
        this.unread = unread;
      });
    });
  }

  joined(joinId: string, name: string): void {
    this.names.set(joinId, name);
    // eslint-disable-next-line conclave/isolated-names -- a label is heard
    this.say($localize`:@@meeting.joined:${name}:NAME: joined.`);
  }

  left(joinId: string): void {
    // eslint-disable-next-line conclave/isolated-names -- a label is heard
    this.say($localize`:@@meeting.personLeft:${this.nameOf(joinId)}:NAME: left.`);
    this.names.delete(joinId);
  }

  shared(userId: string): void {
    const owner = this.room.participants().find((person) => person.userId === userId);
    if (owner?.local) return;
    const name = owner?.name ?? SOMEBODY;
    // eslint-disable-next-line conclave/isolated-names -- a label is heard
    this.say($localize`:@@meeting.saidFile:${name}:NAME: shared a file.`);
  }

  /** Something that one should look at: also heard, and told outside the page. */
  call(text: string): void {
    if (this.notices.wish().said !== 'none') this.speak(text);
    this.attract(text, 'message');
  }

  /** Something that is said elsewhere on the page, for whoever does not look at it: by a sound, and outside the page. */
  attract(text: string, sound: 'message' | 'knock'): void {
    if (this.notices.wish().sound) chime(sound);
    this.notices.notify(this.roomName, text);
  }

  private say(text: string): void {
    if (this.notices.wish().said === 'all') this.speak(text);
  }

  private speak(text: string): void {
    this.latest.update(({ id }) => ({ id: id + 1, text }));
  }

  private nameOf(joinId: string): string {
    return this.names.get(joinId) ?? SOMEBODY;
  }
}

const SOMEBODY = $localize`:@@meeting.somebody:Somebody`;
