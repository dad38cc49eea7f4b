import { Injectable, signal } from '@angular/core';

export type Panel = 'chat' | 'people' | 'files' | 'promise';

/** Which panel is open beside the stage: the bar, the head, shortcuts and dragged files all open and close it. */
@Injectable()
export class SidePanel {
  /** Null while the stage has all the room. */
  readonly open = signal<Panel | null>(null);

  /** Opens a panel, or closes it where it is the one that is open. */
  toggle(panel: Panel): void {
    this.open.update((open) => (open === panel ? null : panel));
  }
}
