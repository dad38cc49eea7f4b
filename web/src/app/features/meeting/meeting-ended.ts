import { Component, computed, inject, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Icon } from '../../shared/icon/icon';
import { Mark } from '../../shared/mark/mark';
import { END_WORDS } from './end-cause';
import { MeetingStore } from './meeting-store';

/** After the meeting: why it is over, and what can be done now. */
@Component({
  selector: 'cv-meeting-ended',
  imports: [Icon, Mark, RouterLink],
  template: `
    <header>
      <a routerLink="/" i18n-aria-label="@@meeting.home" aria-label="Conclave, your rooms"
        ><cv-mark /><b i18n="@@shell.product">Conclave</b></a
      >
    </header>
    <main>
      @if (words(); as end) {
        <span class="badge"><cv-icon [name]="end.icon" /></span>
        <h1>{{ end.title }}</h1>
        <p>{{ end.text }}</p>
        <div class="acts">
          @if (end.rejoin) {
            <button class="btn primary" type="button" (click)="again.emit()">{{ end.rejoin }}</button>
          }
          @if (roomStays()) {
            <a class="btn" [routerLink]="['/r', store.slug(), 'files']"
              ><cv-icon name="folder-lock" /><span i18n="@@files.view">View files</span></a
            >
          }
          <a class="btn quiet" routerLink="/" i18n="@@rooms.goToYours">Go to your rooms</a>
        </div>
      }
    </main>
  `,
  styles: `
    :host {
      min-height: 100dvh;
      display: grid;
      grid-template-rows: auto 1fr;
      background: var(--paper);
      color: var(--ink);
    }
    header {
      padding: var(--space-3h) var(--space-6);
    }
    header a {
      display: inline-flex;
      gap: var(--space-3);
      align-items: center;
      min-height: 44px;
      color: inherit;
      text-decoration: none;
      font-size: 17px;
    }
    main {
      display: grid;
      align-content: center;
      justify-items: center;
      gap: var(--space-2);
      padding: 0 var(--space-6) 16vh;
      text-align: center;
    }
    .badge {
      display: grid;
      place-items: center;
      width: 56px;
      height: 56px;
      border-radius: 18px;
      background: var(--sunken);
      color: var(--ink-2);
      margin-bottom: var(--space-3);
    }
    p {
      max-width: 46ch;
      color: var(--ink-2);
    }
    .acts {
      display: flex;
      flex-wrap: wrap;
      justify-content: center;
      gap: var(--space-2h);
      margin-top: var(--space-5);
    }
  `,
})
export class MeetingEnded {
  /** Back to the door. */
  readonly again = output();
  protected readonly store = inject(MeetingStore);
  protected readonly words = computed(() => {
    const cause = this.store.cause();
    return cause && END_WORDS[cause];
  });
  protected readonly roomStays = computed(() =>
    ['left', 'ended-by-host', 'ended-by-me'].includes(this.store.cause() ?? ''),
  );
}
