import { Component } from '@angular/core';
import { TopBar } from './top-bar';

/** A page that says an end or an error: the bar, and a cv-empty-state or cv-failed-state of level 1 in the middle. */
@Component({
  selector: 'cv-outcome-page',
  imports: [TopBar],
  template: `
    <cv-top-bar [plain]="true" />
    <main><ng-content /></main>
  `,
  styles: `
    :host {
      min-height: 100dvh;
      display: grid;
      grid-template: auto 1fr / minmax(0, 1fr);
      background: var(--paper);
      color: var(--ink);
    }
    main {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      align-content: center;
      padding-bottom: 10vh;
    }
  `,
})
export class OutcomePage {}
