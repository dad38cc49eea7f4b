import { DestroyRef, inject, Injectable, signal } from '@angular/core';
import { isErrorReason } from '@conclave/errors';
import { Api, type Door } from '../../core/api/api';
import { JoinTrace } from '../../core/api/join-trace';
import { ApiProblem, asProblem } from '../../core/api/problem';
import type { Handover } from '../../core/media/handover';
import { takeLastJoin } from '../../core/session/last-join';
import { Session } from '../../core/session/session';
import { HostsWord } from './hosts-word';
import { LocalPreview } from './local-preview';

/** Where a person stands at a room's address. */
export type Step = 'loading' | 'failed' | 'sign-in' | 'refused' | 'door' | 'meeting';

/** What the person brings to the door. */
export interface EntryWish {
  readonly accessCode?: string;
  readonly personalToken?: string;
  /** `here`: this is where one goes on, other connections of oneself end. `also`: they stay, and here is neither microphone nor sound. */
  readonly way: 'here' | 'without-camera' | 'also';
}

/** What the server says to the wrong person at the door, after which there is nothing to try here. */
const FINAL = new Set(['NOT_INVITED', 'REMOVED_FROM_ROOM', 'NOT_FOUND', 'PERMISSION_DENIED']);

/** The way into a room: coming to its door, entering, and coming back. One instance per page. */
@Injectable()
export class DoorStore {
  private readonly api = inject(Api);
  private readonly hosts = inject(HostsWord);
  private readonly preview = inject(LocalPreview);
  private readonly session = inject(Session);

  readonly slug = signal('');
  readonly step = signal<Step>('loading');
  readonly door = signal<Door | null>(null);
  /** Why the door stays shut, or could not be read. */
  readonly error = signal<unknown>(null);
  /** Why the last try to enter failed, where another may succeed. */
  readonly refusal = signal<ApiProblem | null>(null);
  /** A host was asked and has not answered yet. */
  readonly waiting = signal(false);
  /** A host was asked, and nobody answered. */
  readonly unanswered = signal(false);
  /** What the meeting begins with. */
  readonly handover = signal<Handover | null>(null);

  constructor() {
    inject(DestroyRef).onDestroy(() => {
      if (this.waiting()) void this.cancelWaiting();
    });
  }

  /** Goes to the door and reads what stands there. */
  async approach(slug = this.slug()): Promise<void> {
    this.slug.set(slug);
    this.handover.set(null);
    this.refusal.set(null);
    this.step.set('loading');
    if ((await this.session.ensure()) === 'signed-out') return this.show('sign-in');
    try {
      const door = await this.api.door(slug, { joinId: takeLastJoin(slug) });
      this.door.set(door);
      if (door.standing === 'refused')
        return this.refuse(new ApiProblem(door.reason && isErrorReason(door.reason) ? door.reason : 'NOT_INVITED'));
      // The meeting's code and the media library come while the person looks at the preview, not after the click.
      void loadMeeting();
      this.show('door');
    } catch (error) {
      this.refuse(error);
    }
  }

  /** Enters, and hands the open devices to the meeting. */
  async enter(wish: EntryWish): Promise<void> {
    const { way, ...proofs } = wish;
    const door = this.door();
    if (!door) return;
    this.refusal.set(null);
    this.unanswered.set(false);
    const trace = new JoinTrace();
    const ready = loadMeeting();
    try {
      // Whatever the door knew when it was read: nobody has two microphones open who did not ask for it.
      const elsewhere = way === 'also' ? 'also' : 'move';
      const entry = await this.api.enter(this.slug(), { ...proofs, elsewhere }, { trace });
      await ready;
      if (way === 'without-camera') await this.preview.setCamera(false);
      const silent = way === 'also';
      this.handover.set({ door, entry, silent, ...this.preview.handOver({ microphone: !silent }), trace });
      this.step.set('meeting');
    } catch (error) {
      const problem = asProblem(error);
      if (problem.reason === 'WAITING_FOR_HOST') return this.waitForHost(wish);
      if (FINAL.has(problem.reason) || problem.reason === 'UNAUTHENTICATED') this.refuse(problem);
      else this.refusal.set(problem);
    }
  }

  /** The person does not want to wait any longer. */
  async cancelWaiting(): Promise<void> {
    this.hosts.stop();
    await this.api.cancelRequest(this.slug()).catch(() => undefined);
  }

  /** Asks until a host has said something; a yes leads straight in, with what was typed. */
  private async waitForHost(wish: EntryWish): Promise<void> {
    this.waiting.set(true);
    const word = await this.hosts.wait(this.slug());
    this.waiting.set(false);
    if (word === 'admitted') return this.enter(wish);
    // The room went meanwhile: what stands there now is told, and not that nobody answered.
    if (word === 'gone') return this.approach();
    if (word === 'denied') this.refusal.set(new ApiProblem('ENTRY_DENIED'));
    this.unanswered.set(word === 'expired');
  }

  /** The session has ended while the person stood at the door. */
  signedOut(): void {
    if (this.step() === 'door') this.show('sign-in');
  }

  private refuse(error: unknown): void {
    const problem = asProblem(error);
    if (problem.reason === 'UNAUTHENTICATED') return this.show('sign-in');
    this.error.set(problem);
    this.show(FINAL.has(problem.reason) || problem.reason === 'ROOM_FULL' ? 'refused' : 'failed');
  }

  private show(step: Step): void {
    if (step !== 'door') {
      this.hosts.stop();
      this.preview.release();
    }
    this.step.set(step);
  }
}

/** What could not be loaded is tried again by the click on Join, and told by the meeting itself. */
const loadMeeting = (): Promise<unknown> =>
  import('../meeting').then((meeting) => meeting.loadMediaLibrary()).catch(() => undefined);
