import { computed, effect, inject, Injectable, signal } from '@angular/core';
import { Api, type Message, type Page } from '../../core/api/api';
import { PagedList, type Paged } from '../../core/list/paged-list';
import { Drafts, type Draft } from '../../core/drafts/drafts';
import { Leaving } from '../../shared/leaving/leaving';

/** A message that is not stored yet, as one's own list shows it. */
export interface Outgoing {
  readonly key: string;
  readonly text: string;
  readonly state: 'sending' | 'failed';
  readonly error: unknown;
}

export const MAX_CODE_POINTS = 4_000;

/** The messages of a room, in order of time. One instance per meeting. */
@Injectable()
export class ChatStore {
  private readonly api = inject(Api);
  private readonly list = new PagedList<Message>({ read: (page) => this.read(page), settled: true });
  /** Id of the last message that was read; ids go up in the order of the log. Null until the first answer. */
  private readonly lastRead = signal<string | null>(null);
  private readonly visible = signal(false);
  private readonly drafts = inject(Drafts);
  private slug = '';
  private kept: Draft | null = null;
  /** What is sent while one is not inside, or not yet: it goes as soon as one is. */
  private waiting: (() => void)[] = [];
  private inside = false;
  private userId = '';

  /** In order of time; null until the first ones have arrived, and after closing. */
  readonly messages = computed(() => {
    const items = this.list.items();
    return items ? newestNames(items).toReversed() : null;
  });
  readonly outgoing = signal<readonly Outgoing[]>([]);
  /** What is typed and not sent: it outlasts the panel, the connection and the page. */
  readonly draft = signal({ text: '' });
  readonly error = this.list.error;
  /** The first message that was new when the panel was opened. */
  readonly newFrom = signal<string | null>(null);
  readonly older: Paged = this.list;
  readonly unread = computed(() => (this.visible() ? 0 : this.fresh().length));

  constructor() {
    effect(() => {
      const { text } = this.draft();
      this.kept?.keep(text);
    });
    inject(Leaving).hold('lost', () =>
      this.outgoing().length > 0
        ? $localize`:@@leaving.message:A message is not sent yet. It goes back into the line you type in.`
        : null,
    );
    inject(Leaving).hold('kept', () =>
      this.draft().text.trim() ? $localize`:@@leaving.draft:You have typed a message and not sent it.` : null,
    );
  }

  /** Before anything is open: what was typed here earlier is there again. */
  prepare(slug: string): void {
    this.kept = this.drafts.of(`chat:${slug}`);
    const text = this.kept.recall();
    if (text && !this.draft().text) this.draft.set({ text });
  }

  open(slug: string, userId: string): Promise<void> {
    this.list.clear();
    this.slug = slug;
    this.userId = userId;
    this.resume();
    return this.refresh();
  }

  /** Fetches what is new; a burst of calls costs one more round. */
  refresh(): Promise<void> {
    return this.list.reload();
  }

  /** One is outside for a moment and is coming back: what is sent meanwhile waits. */
  pause(): void {
    this.inside = false;
  }

  resume(): void {
    this.inside = true;
    for (const go of this.waiting.splice(0)) go();
  }

  async send(text: string): Promise<void> {
    const key = crypto.randomUUID();
    this.outgoing.update((list) => [...list, { key, text, state: 'sending', error: null }]);
    await this.deliver(key, text);
  }

  /** The same key goes with it: should the first try have arrived after all, the message still stands once. */
  async retry(key: string): Promise<void> {
    const found = this.outgoing().find((item) => item.key === key);
    if (!found || found.state === 'sending') return;
    this.change(key, { state: 'sending', error: null });
    await this.deliver(key, found.text);
  }

  discard(key: string): void {
    this.outgoing.update((list) => list.filter((item) => item.key !== key));
  }

  /** The panel is on screen, or no longer. */
  show(visible: boolean): void {
    if (visible === this.visible()) return;
    this.newFrom.set(visible ? (this.fresh()[0]?.id ?? null) : null);
    this.visible.set(visible);
    this.markRead();
  }

  close(): void {
    this.inside = false;
    this.waiting = [];
    this.list.clear();
    this.lastRead.set(null);
    this.keepUnsent();
    this.outgoing.set([]);
  }

  /** What was not sent when the meeting closed is not lost: it stands in the line again when one comes back. */
  private keepUnsent(): void {
    const texts = [...this.outgoing().map(({ text }) => text), this.draft().text].filter((text) => text.trim());
    this.kept?.keep(texts.join('\n'));
    this.kept = null;
    this.draft.set({ text: '' });
  }

  private async read({ limit, after }: { limit: number; after?: string | undefined }): Promise<Page<Message>> {
    const page = await this.api.messages(this.slug, { limit, before: after });
    // What was said before one came is history, not news.
    if (this.lastRead() === null) this.lastRead.set(page.items[0]?.id ?? '');
    return page;
  }

  /** What others said since one last read. */
  private fresh(): readonly Message[] {
    const last = this.lastRead();
    if (last === null) return [];
    return (this.messages() ?? []).filter(({ id, author }) => id > last && author.id !== this.userId);
  }

  private async deliver(key: string, text: string): Promise<void> {
    try {
      if (!this.inside) await new Promise<void>((go) => this.waiting.push(go));
      const message = await this.api.sendMessage(this.slug, { text }, { idempotencyKey: key });
      this.discard(key);
      this.list.put(message);
    } catch (error) {
      this.change(key, { state: 'failed', error });
    }
  }

  private markRead(): void {
    const last = this.messages()?.at(-1);
    if (last) this.lastRead.set(last.id);
  }

  private change(key: string, changes: Partial<Outgoing>): void {
    this.outgoing.update((list) => list.map((item) => (item.key === key ? { ...item, ...changes } : item)));
  }
}

/** Everybody by the name that their newest message tells: one that was read before a new name still tells the old one. */
function newestNames(newestFirst: readonly Message[]): readonly Message[] {
  const names = new Map<string, Message['author']>();
  return newestFirst.map((message) => {
    const author = names.get(message.author.id) ?? message.author;
    names.set(author.id, author);
    return author === message.author ? message : { ...message, author };
  });
}
