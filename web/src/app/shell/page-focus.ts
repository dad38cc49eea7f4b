import { DOCUMENT, inject, Injectable } from '@angular/core';
import { NavigationEnd, Router } from '@angular/router';

const TRIES = 180;

/** After a change of page the focus stands on its heading: else it would be lost with what was pressed. */
@Injectable({ providedIn: 'root' })
export class PageFocus {
  private readonly document = inject(DOCUMENT);
  private turn = 0;

  constructor() {
    let first = true;
    inject(Router).events.subscribe((event) => {
      if (!(event instanceof NavigationEnd)) return;
      // The first page is read from its top by itself.
      if (!first) this.toHeading();
      first = false;
    });
  }

  /** As soon as there is a heading, unless the person has gone to something meanwhile. */
  toHeading(): void {
    const turn = ++this.turn;
    const look = (left: number): void => {
      const { activeElement, body } = this.document;
      if (turn !== this.turn || left === 0 || (activeElement !== null && activeElement !== body)) return;
      const heading = this.document.querySelector<HTMLElement>('h1');
      if (!heading) return void requestAnimationFrame(() => look(left - 1));
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    };
    requestAnimationFrame(() => look(TRIES));
  }
}
