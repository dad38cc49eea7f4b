import { computed, DestroyRef, DOCUMENT, inject, Injectable, signal } from '@angular/core';
import { Api } from '../../core/api/api';
import type { Room } from '../../core/api/types';

const REFRESH_MS = 15_000;

/** The rooms of the person who is signed in, kept fresh while the page is looked at. */
@Injectable()
export class RoomsStore {
  private readonly api = inject(Api);
  private readonly document = inject(DOCUMENT);
  private readonly itemsSignal = signal<readonly Room[] | null>(null);
  private readonly errorSignal = signal<unknown>(null);
  private readonly nextSignal = signal<string | null>(null);
  private readonly loadingMoreSignal = signal(false);

  readonly items = this.itemsSignal.asReadonly();
  readonly error = this.errorSignal.asReadonly();
  readonly hasMore = computed(() => this.nextSignal() !== null);
  readonly loadingMore = this.loadingMoreSignal.asReadonly();
  readonly meetings = computed(() => (this.itemsSignal() ?? []).filter((room) => room.meeting));
  readonly quiet = computed(() => (this.itemsSignal() ?? []).filter((room) => !room.meeting));

  constructor() {
    const timer = setInterval(() => this.refresh(), REFRESH_MS);
    const refresh = () => this.refresh();
    this.document.addEventListener('visibilitychange', refresh);
    inject(DestroyRef).onDestroy(() => {
      clearInterval(timer);
      this.document.removeEventListener('visibilitychange', refresh);
    });
  }

  async load(): Promise<void> {
    try {
      const page = await this.api.rooms();
      // What "show more" brought stays; its first page is replaced by the fresh one.
      const fresh = new Set(page.items.map((room) => room.id));
      const older =
        this.nextSignal() === null ? [] : (this.itemsSignal() ?? []).slice(50).filter((room) => !fresh.has(room.id));
      this.itemsSignal.set([...page.items, ...older]);
      if (older.length === 0) this.nextSignal.set(page.next);
      this.errorSignal.set(null);
    } catch (error) {
      this.errorSignal.set(error);
    }
  }

  async loadMore(): Promise<void> {
    const after = this.nextSignal();
    if (!after || this.loadingMoreSignal()) return;
    this.loadingMoreSignal.set(true);
    try {
      const page = await this.api.rooms(after);
      this.itemsSignal.update((items) => [...(items ?? []), ...page.items]);
      this.nextSignal.set(page.next);
    } finally {
      this.loadingMoreSignal.set(false);
    }
  }

  private refresh(): void {
    if (this.document.visibilityState === 'visible' && this.itemsSignal()) void this.load();
  }
}
