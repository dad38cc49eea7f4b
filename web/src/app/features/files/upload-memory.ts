import { effect, inject, Injectable, untracked } from '@angular/core';
import { Session } from '../../core/session/session';
import type { UploadView } from './upload-view';
import type { Wanted } from './wanted-upload';

/** A row, as somebody has left it. */
export interface Left {
  readonly view: UploadView;
  readonly wanted: Wanted;
}

/** Uploads of rooms that somebody has left: as long as the page lives and they are signed in, coming back goes on with them. */
@Injectable({ providedIn: 'root' })
export class UploadMemory {
  private readonly left = new Map<string, readonly Left[]>();
  private lastId = 0;

  constructor() {
    const session = inject(Session);
    let whose: string | undefined;
    effect(() => {
      const me = session.me()?.id;
      untracked(() => {
        if (whose !== undefined && me !== whose) this.left.clear();
        whose = me ?? whose;
      });
    });
  }

  nextId(): number {
    return ++this.lastId;
  }

  put(slug: string, uploads: readonly Left[]): void {
    if (uploads.length > 0) this.left.set(slug, uploads);
  }

  take(slug: string): readonly Left[] {
    const found = this.left.get(slug) ?? [];
    this.left.delete(slug);
    return found;
  }
}
