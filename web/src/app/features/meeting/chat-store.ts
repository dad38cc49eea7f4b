import { computed, inject, Injectable, signal } from '@angular/core';
import { Api, type Message } from '../../core/api/api';

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
  private readonly olderCursor = signal<string | null>(null);
  private readonly lastRead = signal<string | null>(null);
  private readonly visible = signal(false);
  private slug = '';
  private userId = '';
  private loading: Promise<void> | null = null;
  private again = false;

  /** Null until the first ones have arrived, and after closing. */
  readonly messages = signal<readonly Message[] | null>(null);
  readonly outgoing = signal<readonly Outgoing[]>([]);
  readonly error = signal<unknown>(null);
  /** The first message that was new when the panel was opened. */
  readonly newFrom = signal<string | null>(null);
  readonly hasOlder = computed(() => this.olderCursor() !== null);
  readonly unread = computed(() => {
    const messages = this.messages() ?? [];
    const last = this.lastRead();
    if (this.visible() || last === null) return 0;
    const from = messages.findIndex((message) => message.id === last);
    return messages.slice(from + 1).filter((message) => message.author.id !== this.userId).length;
  });

  open(slug: string, userId: string): Promise<void> {
    this.slug = slug;
    this.userId = userId;
    return this.refresh();
  }

  /** Fetches the newest messages; calls that come meanwhile are answered by one more round. */
  refresh(): Promise<void> {
    if (this.loading) {
      this.again = true;
      return this.loading;
    }
    this.loading = this.loadNewest().finally(() => {
      this.loading = null;
      if (!this.again) return;
      this.again = false;
      void this.refresh();
    });
    return this.loading;
  }

  async loadOlder(): Promise<void> {
    const before = this.olderCursor();
    if (!before) return;
    const page = await this.api.messages(this.slug, { before });
    this.merge(page.items);
    this.olderCursor.set(page.next);
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
    if (visible) {
      const messages = this.messages() ?? [];
      const from = messages.findIndex((message) => message.id === this.lastRead());
      const fresh = from < 0 ? [] : messages.slice(from + 1);
      this.newFrom.set(fresh.find((message) => message.author.id !== this.userId)?.id ?? null);
    } else this.newFrom.set(null);
    this.visible.set(visible);
    this.markRead();
  }

  close(): void {
    this.messages.set(null);
    this.outgoing.set([]);
  }

  private async loadNewest(): Promise<void> {
    try {
      const first = this.messages() === null;
      const page = await this.api.messages(this.slug);
      this.merge(page.items);
      if (first) {
        this.olderCursor.set(page.next);
        // What was said before one came is history, not news.
        this.lastRead.set(page.items[0]?.id ?? '');
      }
      if (this.visible()) this.markRead();
      this.error.set(null);
    } catch (error) {
      this.error.set(error);
    }
  }

  private async deliver(key: string, text: string): Promise<void> {
    try {
      const message = await this.api.sendMessage(this.slug, { text }, { idempotencyKey: key });
      this.discard(key);
      this.merge([message]);
      if (this.visible()) this.markRead();
    } catch (error) {
      this.change(key, { state: 'failed', error });
    }
  }

  private merge(items: readonly Message[]): void {
    const byId = new Map((this.messages() ?? []).map((message) => [message.id, message]));
    for (const message of items) byId.set(message.id, message);
    this.messages.set([...byId.values()].sort((a, b) => a.sentAt.localeCompare(b.sentAt) || a.id.localeCompare(b.id)));
  }

  private markRead(): void {
    const last = this.messages()?.at(-1);
    if (last) this.lastRead.set(last.id);
  }

  private change(key: string, changes: Partial<Outgoing>): void {
    this.outgoing.update((list) => list.map((item) => (item.key === key ? { ...item, ...changes } : item)));
  }
}
