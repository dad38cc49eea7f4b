import { Component, computed, input, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Icon } from '../../shared/icon/icon';
import { Mark } from '../../shared/mark/mark';
import { END_WORDS, type EndCause } from './end-cause';

/** After the meeting: why it is over, and what can be done now. */
@Component({
  selector: 'cv-meeting-ended',
  imports: [Icon, Mark, RouterLink],
  template: `
    <header>
      <a routerLink="/" aria-label="Conclave, your rooms"><cv-mark /><b>Conclave</b></a>
    </header>
    <main>
      <span class="badge"><cv-icon [name]="words().icon" /></span>
      <h1>{{ words().title }}</h1>
      <p>{{ words().text }}</p>
      <div class="acts">
        @if (words().rejoin; as label) {
          <button class="btn primary" type="button" (click)="again.emit()">{{ label }}</button>
        }
        @if (cause() === 'left' || cause() === 'ended-by-host') {
          <a class="btn" [routerLink]="['/r', slug(), 'files']"><cv-icon name="folder-lock" />View files</a>
        }
        <a class="btn quiet" routerLink="/">Go to your rooms</a>
      </div>
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
      padding: 14px 28px;
    }
    header a {
      display: inline-flex;
      gap: 12px;
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
      gap: 8px;
      padding: 0 24px 16vh;
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
      margin-bottom: 12px;
    }
    p {
      max-width: 46ch;
      color: var(--ink-2);
    }
    .acts {
      display: flex;
      flex-wrap: wrap;
      justify-content: center;
      gap: 10px;
      margin-top: 20px;
    }
  `,
})
export class MeetingEnded {
  readonly cause = input.required<EndCause>();
  readonly slug = input.required<string>();
  readonly again = output();
  protected readonly words = computed(() => END_WORDS[this.cause()]);
}
