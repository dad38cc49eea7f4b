import { Component, computed, effect, inject, input, resource, untracked } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Api } from '../../core/api/api';
import { asProblem } from '../../core/api/problem';
import { EventsSocket } from '../../core/events/events-socket';
import { Namesakes } from '../../shared/person/namesakes';
import { EmptyState } from '../../shared/states/empty-state';
import { FailedState } from '../../shared/states/failed-state';
import { Page } from '../../shell/page';
import { FilesPanel } from './files-panel';
import { serverDate } from '../../core/time/server-clock';
import { pastedFiles } from './pasted-files';
import { FilesElsewhere } from './files-elsewhere';
import { RoomFiles } from './room-files';
import { isolated } from '../../core/format';

/** "View files" outside the meeting: open while one is inside, in another tab; otherwise closed, and it says why. */
@Component({
  selector: 'cv-files-page',
  imports: [EmptyState, FailedState, FilesPanel, Page, RouterLink],
  providers: [
    EventsSocket,
    FilesElsewhere,
    { provide: Namesakes, useFactory: () => new Namesakes(inject(RoomFiles).owners) },
    RoomFiles,
  ],
  host: { '(document:paste)': 'pasted($event)' },
  template: `
    <cv-page [back]="true" [heading]="heading()">
      <section class="card" i18n-aria-label="@@files.files" aria-label="Files">
        @if (locked()) {
          <cv-empty-state
            icon="lock"
            level="2"
            i18n-heading="@@files.closedTitle"
            heading="Closed while you are outside"
            i18n-text="@@files.closedText"
            text="The files of this room open only while you are in its meeting. Enter, and they open again."
          >
            <a class="btn primary" [routerLink]="['/r', slug()]" i18n="@@rooms.enterRoom">Enter the room</a>
          </cv-empty-state>
        } @else if (files.list()) {
          <cv-files-panel />
        } @else if (files.error()) {
          <cv-failed-state level="2" [error]="files.error()" (retry)="files.load()" />
        } @else {
          <div
            class="skeleton wait"
            role="status"
            aria-busy="true"
            i18n-aria-label="@@files.loading"
            aria-label="Loading the files"
          ></div>
        }
      </section>
    </cv-page>
  `,
  styles: `
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
      margin: var(--space-5);
    }
  `,
})
export class FilesPage {
  readonly slug = input.required<string>();
  private readonly api = inject(Api);
  protected readonly files = inject(RoomFiles);
  /** Its name, where the room tells it; the files come without. */
  protected readonly room = resource({ params: () => this.slug(), loader: ({ params }) => this.api.room(params) });
  protected readonly heading = computed(() =>
    this.room.hasValue()
      ? $localize`:@@files.filesOf:Files of ${isolated(this.room.value().name)}:ROOM:`
      : $localize`:@@files.files:Files`,
  );
  protected readonly locked = computed(
    () =>
      this.files.closed() || (this.files.error() !== null && asProblem(this.files.error()).reason === 'NOT_PRESENT'),
  );

  protected pasted(event: ClipboardEvent): void {
    const pasted = this.files.list() ? pastedFiles(event, serverDate()) : [];
    if (pasted.length > 0) this.files.add(pasted);
  }

  constructor() {
    const elsewhere = inject(FilesElsewhere);
    effect(() => {
      const slug = this.slug();
      untracked(() => elsewhere.open(slug));
    });
  }
}
