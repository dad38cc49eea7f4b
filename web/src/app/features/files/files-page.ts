import { Component, computed, effect, inject, input, resource, untracked } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Api } from '../../core/api/api';
import { asProblem } from '../../core/api/problem';
import type { RoomRole } from '../../core/api/types';
import { Icon } from '../../shared/icon/icon';
import { EmptyState } from '../../shared/states/empty-state';
import { FailedState } from '../../shared/states/failed-state';
import { TopBar } from '../../shell/top-bar';
import { FilesPanel } from './files-panel';
import { RoomFiles } from './room-files';

/** "View files" outside the meeting: open while one is inside, in another tab; otherwise closed, and it says why. */
@Component({
  selector: 'cv-files-page',
  imports: [EmptyState, FailedState, FilesPanel, Icon, RouterLink, TopBar],
  providers: [RoomFiles],
  template: `
    <cv-top-bar />
    <main>
      <a class="back" routerLink="/"
        ><cv-icon class="small along" name="arrow-left" /><span i18n="@@rooms.yours">Your rooms</span></a
      >
      @if (room.hasValue()) {
        <h1 dir="auto" i18n="@@files.filesOf">Files of {{ room.value().name }}</h1>
      } @else {
        <h1 i18n="@@files.files">Files</h1>
      }
      <section class="card" i18n-aria-label="@@files.files" aria-label="Files">
        @if (locked()) {
          <cv-empty-state
            icon="lock"
            i18n-heading="@@files.closedTitle"
            heading="Closed while you are outside"
            i18n-text="@@files.closedText"
            text="The files of this room open only while you are in its meeting. Enter, and they open again."
          >
            <a class="btn primary" [routerLink]="['/r', slug()]" i18n="@@rooms.enterRoom">Enter the room</a>
          </cv-empty-state>
        } @else if (files.list()) {
          <cv-files-panel [role]="role()" />
        } @else if (files.error()) {
          <cv-failed-state [error]="files.error()" (retry)="files.load()" />
        } @else {
          <div
            class="skeleton wait"
            aria-busy="true"
            i18n-aria-label="@@files.loading"
            aria-label="Loading the files"
          ></div>
        }
      </section>
    </main>
  `,
  styles: `
    main {
      max-width: 720px;
      margin: 0 auto;
      padding: 24px 24px 64px;
      display: grid;
      gap: 14px;
    }
    .back {
      display: inline-flex;
      align-items: center;
      gap: 6px;
      min-height: 44px;
      justify-self: start;
      color: var(--ink-2);
      text-decoration: none;
      font-size: var(--text-sm);
      font-weight: 550;
    }
    .card {
      display: grid;
      min-height: 340px;
      align-content: center;
    }
    .card:has(cv-files-panel) {
      align-content: stretch;
    }
    .wait {
      height: 300px;
      margin: 20px;
    }
    @media (max-width: 600px) {
      main {
        padding: 12px 16px 48px;
      }
    }
  `,
})
export class FilesPage {
  readonly slug = input.required<string>();
  private readonly api = inject(Api);
  protected readonly files = inject(RoomFiles);
  /** Its name and one's role, where the room tells them; the files come without. */
  protected readonly room = resource({ params: () => this.slug(), loader: ({ params }) => this.api.room(params) });
  protected readonly role = computed<RoomRole>(() => (this.room.hasValue() ? this.room.value().role : 'participant'));
  protected readonly locked = computed(
    () =>
      this.files.closed() || (this.files.error() !== null && asProblem(this.files.error()).reason === 'NOT_PRESENT'),
  );

  constructor() {
    effect(() => {
      const slug = this.slug();
      untracked(() => void this.files.open(slug));
    });
  }
}
