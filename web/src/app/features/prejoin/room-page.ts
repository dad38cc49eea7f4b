import { Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { RouterLink } from '@angular/router';
import { isErrorReason } from '@conclave/errors';
import { Api } from '../../core/api/api';
import { JoinTrace } from '../../core/api/join-trace';
import { ApiProblem, asProblem } from '../../core/api/problem';
import type { Door } from '../../core/api/types';
import type { Handover } from '../../core/media/handover';
import { Session } from '../../core/session/session';
import { EmptyState } from '../../shared/states/empty-state';
import { FailedState } from '../../shared/states/failed-state';
import { PageTitle } from '../../shell/page-title';
import { TopBar } from '../../shell/top-bar';
import { Meeting } from '../meeting';
import { LocalPreview } from './local-preview';
import { Prejoin, type EntryWish } from './prejoin';
import { refusalView } from './refusal-view';

type Step = 'loading' | 'failed' | 'sign-in' | 'refused' | 'door' | 'meeting';

/** What the server says to the wrong person at the door, after which there is nothing to try here. */
const FINAL = new Set(['NOT_INVITED', 'REMOVED_FROM_ROOM', 'NOT_FOUND', 'PERMISSION_DENIED']);

/** The address of a room: the door, then the meeting, then the door again. */
@Component({
  selector: 'cv-room-page',
  imports: [EmptyState, FailedState, Meeting, Prejoin, RouterLink, TopBar],
  providers: [LocalPreview],
  templateUrl: './room-page.html',
  styleUrl: './room-page.css',
})
export class RoomPage {
  readonly slug = input.required<string>();
  protected readonly step = signal<Step>('loading');
  protected readonly door = signal<Door | null>(null);
  protected readonly error = signal<unknown>(null);
  protected readonly joining = signal(false);
  protected readonly refusal = signal<ApiProblem | null>(null);
  protected readonly handover = signal<Handover | null>(null);
  protected readonly refused = computed(() => refusalView(asProblem(this.error()), this.session.me()));
  protected readonly back = computed(() => ({ returnUrl: `/r/${this.slug()}` }));
  private readonly api = inject(Api);
  private readonly preview = inject(LocalPreview);
  private readonly session = inject(Session);
  private readonly title = inject(PageTitle);

  constructor() {
    effect(() => {
      this.slug();
      untracked(() => void this.approach());
    });
    effect(() => this.title.set(this.door()?.name ?? 'Room'));
    // Signed out in another tab, or by the clock: the door says so at once. The meeting says it itself.
    effect(() => {
      if (this.session.state() === 'signed-out' && untracked(this.step) === 'door') this.show('sign-in');
    });
  }

  /** Goes to the door and reads what stands there. */
  protected async approach(): Promise<void> {
    this.handover.set(null);
    this.refusal.set(null);
    this.step.set('loading');
    if ((await this.session.ensure()) === 'signed-out') return this.show('sign-in');
    try {
      const door = await this.api.door(this.slug());
      this.door.set(door);
      if (door.standing !== 'refused') {
        // The meeting's code and the media library come while the person looks at the preview, not after the click.
        void loadMeeting();
        return this.show('door');
      }
      this.refuse(new ApiProblem(door.reason && isErrorReason(door.reason) ? door.reason : 'NOT_INVITED'));
    } catch (error) {
      this.refuse(error);
    }
  }

  protected async join(wish: EntryWish): Promise<void> {
    const door = this.door();
    if (!door || this.joining()) return;
    this.joining.set(true);
    this.refusal.set(null);
    const trace = new JoinTrace();
    const ready = loadMeeting();
    const { withCamera, ...proofs } = wish;
    try {
      const entry = await this.api.enter(this.slug(), proofs, trace);
      await ready;
      if (!withCamera) await this.preview.setCamera(false);
      this.handover.set({ door, entry, ...this.preview.handOver(), trace });
      this.step.set('meeting');
    } catch (error) {
      const problem = asProblem(error);
      if (FINAL.has(problem.reason) || problem.reason === 'UNAUTHENTICATED') this.refuse(problem);
      else this.refusal.set(problem);
    } finally {
      this.joining.set(false);
    }
  }

  private refuse(error: unknown): void {
    const problem = asProblem(error);
    if (problem.reason === 'UNAUTHENTICATED') return this.show('sign-in');
    this.error.set(problem);
    this.show(FINAL.has(problem.reason) || problem.reason === 'ROOM_FULL' ? 'refused' : 'failed');
  }

  private show(step: Step): void {
    if (step !== 'door') this.preview.release();
    this.step.set(step);
  }
}

/** What could not be loaded is tried again by the click on Join, and told by the meeting itself. */
const loadMeeting = (): Promise<unknown> =>
  import('../meeting').then((meeting) => meeting.loadMediaLibrary()).catch(() => undefined);
