import { Component, computed, effect, inject, input, untracked } from '@angular/core';
import { RouterLink } from '@angular/router';
import { asProblem } from '../../core/api/problem';
import { Session } from '../../core/session/session';
import { EmptyState } from '../../shared/states/empty-state';
import { FailedState } from '../../shared/states/failed-state';
import { OutcomePage } from '../../shell/outcome-page';
import { PageFocus } from '../../shell/page-focus';
import { PageTitle } from '../../shell/page-title';
import { TopBar } from '../../shell/top-bar';
import { Meeting } from '../meeting';
import { DoorStore } from './door-store';
import { HostsWord } from './hosts-word';
import { LocalPreview } from './local-preview';
import { Prejoin } from './prejoin';
import { refusalView } from './refusal-view';

/** The address of a room: the door, then the meeting, then the door again. */
@Component({
  selector: 'cv-room-page',
  imports: [EmptyState, FailedState, Meeting, OutcomePage, Prejoin, RouterLink, TopBar],
  providers: [DoorStore, HostsWord, LocalPreview],
  templateUrl: './room-page.html',
  styleUrl: './room-page.css',
})
export class RoomPage {
  readonly slug = input.required<string>();
  protected readonly store = inject(DoorStore);
  private readonly session = inject(Session);
  protected readonly refused = computed(() => refusalView(asProblem(this.store.error()), this.session.me()));
  protected readonly back = computed(() => ({ returnUrl: `/r/${this.slug()}` }));

  constructor() {
    const title = inject(PageTitle);
    const focus = inject(PageFocus);
    // Each step is a page of its own to whoever listens, though the address stays.
    effect(() => {
      if (this.store.step() !== 'loading') focus.toHeading();
    });
    effect(() => {
      const slug = this.slug();
      untracked(() => void this.store.approach(slug));
    });
    effect(() => title.set(this.store.door()?.name ?? $localize`:@@door.room:Room`));
    // Signed out in another tab, or by the clock: the door says so at once. The meeting says it itself.
    effect(() => {
      if (this.session.state() === 'signed-out') untracked(() => this.store.signedOut());
    });
  }
}
