import { computed, DestroyRef, DOCUMENT, inject, Injectable } from '@angular/core';
import { Api, type Room } from '../../core/api/api';
import { PagedList, type Paged } from '../../core/list/paged-list';

const REFRESH_MS = 15_000;

/** The rooms of the person who is signed in, last used first, kept fresh while the page is looked at. */
@Injectable()
export class RoomsStore {
  private readonly api = inject(Api);
  private readonly list = new PagedList<Room>({ read: (page) => this.api.rooms(page) });

  readonly error = this.list.error;
  readonly items = this.list.items;
  readonly pages: Paged = this.list;
  readonly meetings = computed(() => (this.items() ?? []).filter((room) => room.meeting));
  readonly quiet = computed(() => (this.items() ?? []).filter((room) => !room.meeting));

  constructor() {
    const document = inject(DOCUMENT);
    this.reload();
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') this.reload();
    }, REFRESH_MS);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }

  reload(): void {
    void this.list.reload();
  }
}
