import { DestroyRef, effect, inject, Injectable, signal } from '@angular/core';

export type Panel = 'chat' | 'people' | 'files' | 'promise';

/** Where a panel lies over the stage, as its styles have it: there Back closes it before it leaves the meeting. */
// eslint-disable-next-line conclave/marked-words -- a question to the browser
export const COVERS = '(max-width: 799.98px)';
const coversStage = (): boolean => matchMedia(COVERS).matches;
const MARK = 'cvPanel';

/** Which panel is open beside the stage: the bar, the head, shortcuts and dragged files all open and close it. */
@Injectable()
export class SidePanel {
  /** Null while the stage has all the room. */
  readonly open = signal<Panel | null>(null);

  constructor() {
    const back = () => this.open.set(null);
    addEventListener('popstate', back);
    inject(DestroyRef).onDestroy(() => {
      removeEventListener('popstate', back);
      if (isMarked()) history.back();
    });
    effect(() => {
      const open = this.open() !== null;
      // A step in history for the panel, on the same page: the router finds nothing to do in it.
      if (open && !isMarked() && coversStage()) history.pushState({ ...history.state, [MARK]: true }, '');
      if (!open && isMarked()) history.back();
    });
  }

  /** Opens a panel, or closes it where it is the one that is open. */
  toggle(panel: Panel): void {
    this.open.update((open) => (open === panel ? null : panel));
  }
}

const isMarked = (): boolean => (history.state as Record<string, unknown> | null)?.[MARK] === true;
