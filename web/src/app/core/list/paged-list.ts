import { computed, DestroyRef, DOCUMENT, inject, signal, type Signal } from '@angular/core';
import { asProblem } from '../api/problem';
import type { Page } from '../api/api';
import { backoffMs } from '../events/backoff';

/** What one "show more" brings, and what a list shows at first. */
export const PAGE_SIZE = 50;
/** What the API gives at once at most. */
const LARGEST_PAGE = 100;
/** How far a log that was away reads back before it starts anew from its end. */
const CATCH_UP = 200;

export interface PagedSource<T> {
  read(page: { readonly limit: number; readonly after?: string | undefined }): Promise<Page<T>>;
  /** True for a log: what was read once neither changes nor moves, so reading stops where it meets what is known. */
  readonly settled?: boolean;
  failed?(error: unknown): void;
}

/** What "show more" needs to know of a list. */
export interface Paged {
  readonly hasMore: Signal<boolean>;
  readonly loadingMore: Signal<boolean>;
  more(): Promise<void>;
}

/** What was read, in the order of the server and without holes from its first item on. */
interface Known<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** A change of our own that the list may not show yet: `at` says which readings began after it. */
interface Change<T> {
  readonly id: string;
  readonly at: number;
  /** Null for an item that was taken off. */
  readonly item: T | null;
}

/**
 * A list of the server as a page shows it: from its start, in its order, each item once, and as far as was asked for. A reading
 * covers all that is shown, so nothing is missed by whatever moved meanwhile; one reading runs at a time. What fails for want of a
 * network is tried again, at once when the network is back or the page is looked at again. Make it in an injection context.
 */
export class PagedList<T extends { readonly id: string }> implements Paged {
  private readonly known = signal<Known<T> | null>(null);
  private readonly changes = signal<readonly Change<T>[]>([]);
  private readonly document = inject(DOCUMENT);
  private wanted = PAGE_SIZE;
  private changed = 0;
  /** Counts up when the list is cleared: what an earlier reading brings is for nobody then. */
  private life = 0;
  private reading: Promise<void> | null = null;
  private again = false;
  private begun = false;
  private tries = 0;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;

  /** Undefined until the first answer. */
  readonly items = computed<readonly T[] | undefined>(() => {
    const known = this.known();
    if (!known) return undefined;
    const changes = new Map(this.changes().map((change) => [change.id, change.item]));
    const has = new Set(known.items.map(({ id }) => id));
    const added = [...changes.values()].filter((item) => item !== null && !has.has(item.id)).reverse() as T[];
    return [...added, ...known.items.flatMap((item) => (changes.has(item.id) ? (changes.get(item.id) ?? []) : item))];
  });
  readonly hasMore = computed(() => (this.known()?.next ?? null) !== null);
  /** Why the last reading failed; null after one that did not. */
  readonly error = signal<unknown>(null);
  readonly loadingMore = signal(false);

  constructor(private readonly source: PagedSource<T>) {
    const window = this.document.defaultView;
    const back = () => {
      if (this.begun && this.document.visibilityState === 'visible') void this.reload();
    };
    window?.addEventListener('online', back);
    this.document.addEventListener('visibilitychange', back);
    inject(DestroyRef).onDestroy(() => {
      window?.removeEventListener('online', back);
      this.document.removeEventListener('visibilitychange', back);
      this.clear();
    });
  }

  /** Reads again what is shown. A call that comes meanwhile is answered by one more reading. Never rejects: see `error`. */
  reload(): Promise<void> {
    this.begun = true;
    clearTimeout(this.retryTimer);
    if (this.reading) {
      this.again = true;
      return this.reading;
    }
    const life = this.life;
    const reading = this.readUntilQuiet(life).finally(() => {
      if (life === this.life) this.reading = null;
    });
    this.reading = reading;
    return reading;
  }

  /** Shows what follows. @throws ApiProblem when it does not come; what is shown stays */
  async more(): Promise<void> {
    if (!this.hasMore() || this.loadingMore()) return;
    const before = this.wanted;
    this.loadingMore.set(true);
    try {
      await this.reading;
      this.wanted = (this.known()?.items.length ?? 0) + PAGE_SIZE;
      if (this.source.settled) return await this.append();
      await this.reload();
      if (this.error() !== null) throw asProblem(this.error());
    } catch (error) {
      this.wanted = before;
      throw error;
    } finally {
      this.loadingMore.set(false);
    }
  }

  /** An answer has just told of this item: it stands first until the list itself says where. */
  put(item: T): void {
    this.change(item.id, item);
  }

  /** An answer has just said that this item is gone. */
  remove(id: string): void {
    this.change(id, null);
  }

  /** Forgets everything, and what is on its way. */
  clear(): void {
    this.life++;
    clearTimeout(this.retryTimer);
    this.begun = false;
    this.again = false;
    this.reading = null;
    this.tries = 0;
    this.wanted = PAGE_SIZE;
    this.known.set(null);
    this.changes.set([]);
    this.error.set(null);
  }

  private change(id: string, item: T | null): void {
    const at = ++this.changed;
    this.changes.update((changes) => [...changes.filter((one) => one.id !== id), { id, at, item }]);
    void this.reload();
  }

  private async readUntilQuiet(life: number): Promise<void> {
    do {
      this.again = false;
      try {
        const seen = this.changed;
        const known = await this.readShown();
        if (life !== this.life) return;
        this.known.set(known);
        this.changes.update((changes) => changes.filter(({ at }) => at > seen));
        this.error.set(null);
        this.tries = 0;
      } catch (error) {
        if (life !== this.life) return;
        const asked = this.again;
        this.fail(error);
        // Who clears the list over this failure has not answered what was asked for meanwhile.
        if (asked && life !== this.life) return this.reload();
      }
    } while (this.again && life === this.life);
  }

  private async readShown(): Promise<Known<T>> {
    const settled = this.source.settled && this.known() !== null;
    const wanted = settled ? CATCH_UP : this.wanted;
    const items = new Map<string, T>();
    let next: string | null = null;
    do {
      const limit = settled ? PAGE_SIZE : Math.min(LARGEST_PAGE, wanted - items.size);
      const page: Page<T> = await this.source.read({ limit, after: next ?? undefined });
      for (const item of page.items) if (!items.has(item.id)) items.set(item.id, item);
      next = page.next;
      const before = settled ? this.known() : null;
      const met = before?.items.findLastIndex(({ id }) => items.has(id)) ?? -1;
      if (before && met >= 0) {
        const tail = before.items.slice(met + 1);
        return { items: [...items.values(), ...tail], next: tail.length > 0 ? before.next : next };
      }
    } while (next !== null && items.size < wanted);
    return { items: [...items.values()], next };
  }

  /** The page behind what is known of a log; the rest of it stands. */
  private async append(): Promise<void> {
    const [life, before] = [this.life, this.known()];
    if (!before?.next) return;
    const page = await this.source.read({ limit: PAGE_SIZE, after: before.next });
    // A reading that ran meanwhile may have begun anew from the end: then this page has lost its place.
    if (life !== this.life || this.known()?.next !== before.next) return;
    this.known.update((now) => {
      const items = now?.items ?? [];
      const has = new Set(items.map(({ id }) => id));
      return { items: [...items, ...page.items.filter(({ id }) => !has.has(id))], next: page.next };
    });
    this.error.set(null);
  }

  private fail(error: unknown): void {
    this.error.set(error);
    this.source.failed?.(error);
    const { reason, retryAfterSeconds = 0 } = asProblem(error);
    if (!this.begun || !PASSING.has(reason)) return;
    this.retryTimer = setTimeout(
      () => void this.reload(),
      Math.max(backoffMs(this.tries++), retryAfterSeconds * 1_000),
    );
  }
}

/** What goes by without anybody doing something. */
const PASSING: ReadonlySet<string> = new Set(['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'RATE_LIMITED']);
