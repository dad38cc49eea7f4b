import { computed, DestroyRef, DOCUMENT, inject, Injectable, linkedSignal, resource, signal } from '@angular/core';
import { Api, type Room } from '../../core/api/api';
import { latest } from '../../shared/states/latest';

const REFRESH_MS = 15_000;

/** The pages after the first, as "show more" brought them, and where the next one begins. */
interface Older {
  readonly items: readonly Room[];
  readonly next: string | null;
}

/** The rooms of the person who is signed in, kept fresh while the page is looked at. */
@Injectable()
export class RoomsStore {
  private readonly api = inject(Api);
  private readonly document = inject(DOCUMENT);
  private readonly firstPage = resource({ loader: () => this.api.rooms() });
  private readonly first = latest(this.firstPage);
  /** Stays over a refresh of the first page; until it holds something, the first page says where the second begins. */
  private readonly older = linkedSignal<Older, Older>({
    source: () => ({ items: [], next: this.first()?.next ?? null }),
    computation: (fresh, before) => (before && before.value.items.length > 0 ? before.value : fresh),
  });

  readonly error = this.firstPage.error;
  readonly items = computed<readonly Room[] | undefined>(() => {
    const first = this.first()?.items;
    if (!first) return undefined;
    const fresh = new Set(first.map((room) => room.id));
    return [...first, ...this.older().items.filter((room) => !fresh.has(room.id))];
  });
  readonly hasMore = computed(() => this.older().next !== null);
  readonly loadingMore = signal(false);
  readonly meetings = computed(() => (this.items() ?? []).filter((room) => room.meeting));
  readonly quiet = computed(() => (this.items() ?? []).filter((room) => !room.meeting));

  constructor() {
    const refresh = () => {
      if (this.document.visibilityState === 'visible' && this.items()) this.reload();
    };
    const timer = setInterval(refresh, REFRESH_MS);
    this.document.addEventListener('visibilitychange', refresh);
    inject(DestroyRef).onDestroy(() => {
      clearInterval(timer);
      this.document.removeEventListener('visibilitychange', refresh);
    });
  }

  reload(): void {
    this.firstPage.reload();
  }

  /** @throws ApiProblem when the next page does not come */
  async loadMore(): Promise<void> {
    const after = this.older().next;
    if (!after || this.loadingMore()) return;
    this.loadingMore.set(true);
    try {
      const page = await this.api.rooms({ after });
      this.older.update(({ items }) => ({ items: [...items, ...page.items], next: page.next }));
    } finally {
      this.loadingMore.set(false);
    }
  }
}
