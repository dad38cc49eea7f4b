import { signal } from '@angular/core';

/** How long a deletion can be taken back. Until then nothing is shredded, and the list says so. */
export const UNDO_MS = 8_000;

interface Waiting {
  readonly timer: ReturnType<typeof setTimeout>;
  readonly settle: (ended: boolean | Promise<boolean>) => void;
}

/** What somebody has deleted or cancelled a moment ago. */
export class LeavingFiles<Id = string> {
  readonly ids = signal<ReadonlySet<Id>>(new Set());
  private readonly waiting = new Map<Id, Waiting>();

  constructor(private readonly shred: (id: Id) => Promise<void>) {}

  /** Answers true once the file is shredded, false where that was taken back. @throws ApiProblem when it is refused */
  add(id: Id): Promise<boolean> {
    if (this.waiting.has(id)) return Promise.resolve(false);
    return new Promise((settle) => {
      this.waiting.set(id, { timer: setTimeout(() => this.end(id), UNDO_MS), settle });
      this.tell();
    });
  }

  undo(id: Id): void {
    this.take(id)?.settle(false);
  }

  /** Nobody can take anything back any longer: the person leaves. */
  endAll(): void {
    for (const id of [...this.waiting.keys()]) this.end(id);
  }

  private end(id: Id): void {
    this.take(id)?.settle(this.shred(id).then(() => true));
  }

  private take(id: Id): Waiting | undefined {
    const found = this.waiting.get(id);
    clearTimeout(found?.timer);
    this.waiting.delete(id);
    this.tell();
    return found;
  }

  private tell(): void {
    this.ids.set(new Set(this.waiting.keys()));
  }
}
