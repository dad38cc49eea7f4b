import { computed, inject, signal } from '@angular/core';
import { KeptUploads } from '../../core/uploads/kept-uploads';
import { UploadMemory, type Left } from './upload-memory';
import type { UploadView } from './upload-view';
import type { Wanted } from './wanted-upload';

/** A row that has no number yet. */
export interface NewRow {
  readonly view: Omit<UploadView, 'id'>;
  readonly wanted: Wanted;
}

/** The rows of the queue in their order: what is shown of each, what this page knows of it besides, and what outlasts the page. */
export class UploadList {
  private readonly kept = inject(KeptUploads);
  private readonly memory = inject(UploadMemory);
  private readonly wanted = new Map<number, Wanted>();
  /** The room; none before it is open. */
  slug = '';

  readonly views = signal<readonly UploadView[]>([]);
  /** Their ids at the server: the room lists what is on its way too. */
  readonly ids = computed<ReadonlySet<string>>(
    () => new Set(this.views().map(({ id }) => this.wantedOf(id)?.id ?? '')),
  );

  view(id: number): UploadView | undefined {
    return this.views().find((view) => view.id === id);
  }

  wantedOf(id: number): Wanted | undefined {
    return this.wanted.get(id);
  }

  /** Ids at the server, and keys, of all that is here. */
  known(): ReadonlySet<string> {
    return new Set([...this.wanted.values()].flatMap(({ id, key }) => (id === null ? [key] : [id, key])));
  }

  /** Puts them behind all others, or before the one that is named; answers them with their numbers. */
  append(rows: readonly NewRow[], before?: number): readonly UploadView[] {
    const views = rows.map(({ view, wanted }) => {
      const id = this.memory.nextId();
      this.wanted.set(id, wanted);
      return { ...view, id };
    });
    const at = this.views().findIndex(({ id }) => id === before);
    this.views.update((list) => list.toSpliced(at < 0 ? list.length : at, 0, ...views));
    return views;
  }

  change(id: number, changes: Partial<UploadView>): void {
    this.views.update((list) => list.map((view) => (view.id === id ? { ...view, ...changes } : view)));
  }

  /** The same for many, told to whoever looks at once. */
  changeAll(which: (view: UploadView) => boolean, changes: Partial<UploadView>): void {
    this.views.update((list) => list.map((view) => (which(view) ? { ...view, ...changes } : view)));
  }

  /** Earlier by one, or to the first place that is not fixed. False where it stays. */
  move(id: number, to: 'up' | 'first', fixed: (view: UploadView) => boolean): boolean {
    const list = [...this.views()];
    const at = list.findIndex((view) => view.id === id);
    const first = list.findIndex((view) => !fixed(view));
    const view = list[at];
    if (!view || first < 0 || at <= first) return false;
    this.views.set(list.toSpliced(at, 1).toSpliced(to === 'first' ? first : at - 1, 0, view));
    return true;
  }

  /** What was left in this room comes back, before what was added since. */
  recall(slug: string): void {
    this.slug = slug;
    const left = this.memory.take(slug);
    for (const { view, wanted } of left) this.wanted.set(view.id, wanted);
    this.views.update((list) => [...left.map(({ view }) => view), ...list]);
  }

  /** Nothing is shown any longer; what is here is remembered for as long as the page lives. */
  leave(): void {
    if (this.slug === '') return;
    const left = this.views().flatMap((view): readonly Left[] => {
      const wanted = this.wanted.get(view.id);
      return wanted ? [{ view, wanted }] : [];
    });
    this.memory.put(this.slug, left);
    this.slug = '';
    this.wanted.clear();
    this.views.set([]);
  }

  /** It has a place at the server, which a look at the server's list may have shown already. */
  begun(id: number, place: string): void {
    for (const view of this.views()) if (view.id !== id && this.wanted.get(view.id)?.id === place) this.remove(view.id);
    const wanted = this.wanted.get(id);
    if (wanted) wanted.id = place;
  }

  /** The next try of it is another upload. */
  beginAnew(id: number): void {
    const wanted = this.wanted.get(id);
    if (!wanted) return;
    void this.kept.forget([wanted.key]);
    Object.assign(wanted, { key: crypto.randomUUID(), id: null, asked: false, print: null });
  }

  /** Takes it off the list; what this device keeps of it stays. */
  remove(id: number): void {
    this.wanted.delete(id);
    this.views.update((list) => list.filter((view) => view.id !== id));
  }

  /** It has ended. */
  forget(id: number): void {
    const key = this.wanted.get(id)?.key;
    this.remove(id);
    if (key !== undefined) void this.kept.forget([key]);
  }

  /** Writes down, for after a reload, what the server knows and what can be opened again; `all` where their order has changed. */
  async keep(which: 'all' | readonly number[]): Promise<void> {
    const rows = this.views().flatMap((view, order) => {
      const wanted = this.wanted.get(view.id);
      if (!wanted || (which !== 'all' && !which.includes(view.id))) return [];
      const { key, id, handle, print } = wanted;
      if (id === null && handle === null) return [];
      const name = handle && view.name;
      return [{ key, slug: this.slug, id, name, handle, print, order, paused: view.state === 'paused' }];
    });
    if (rows.length > 0) await this.kept.keep(rows);
  }
}
