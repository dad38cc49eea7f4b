import { computed, inject, Injectable, signal } from '@angular/core';
import { Api } from '../../core/api/api';
import type { Message } from '../../core/api/types';

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
  private readonly messagesSignal = signal<readonly Message[] | null>(null);
  private readonly outgoingSignal = signal<readonly Outgoing[]>([]);
  private readonly errorSignal = signal<unknown>(null);
  private readonly olderSignal = signal<string | null>(null);
  private readonly lastReadSignal = signal<string | null>(null);
  private readonly visibleSignal = signal(false);
  private readonly markerSignal = signal<string | null>(null);
  private slug = '';
  private userId = '';
  private loading: Promise<void> | null = null;
  private again = false;

  readonly messages = this.messagesSignal.asReadonly();
  readonly outgoing = this.outgoingSignal.asReadonly();
  readonly error = this.errorSignal.asReadonly();
  readonly hasOlder = computed(() => this.olderSignal() !== null);
  /** The first message that was new when the panel was opened. */
  readonly newFrom = this.markerSignal.asReadonly();
  readonly unread = computed(() => {
    const messages = this.messagesSignal() ?? [];
    const last = this.lastReadSignal();
    if (this.visibleSignal() || last === null) return 0;
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
    const before = this.olderSignal();
    if (!before) return;
    const page = await this.api.messages(this.slug, before);
    this.merge(page.items);
    this.olderSignal.set(page.next);
  }

  async send(text: string): Promise<void> {
    const key = crypto.randomUUID();
    this.outgoingSignal.update((list) => [...list, { key, text, state: 'sending', error: null }]);
    await this.deliver(key, text);
  }

  /** The same key goes with it: should the first try have arrived after all, the message still stands once. */
  async retry(key: string): Promise<void> {
    const found = this.outgoingSignal().find((item) => item.key === key);
    if (!found || found.state === 'sending') return;
    this.change(key, { state: 'sending', error: null });
    await this.deliver(key, found.text);
  }

  discard(key: string): void {
    this.outgoingSignal.update((list) => list.filter((item) => item.key !== key));
  }

  /** The panel is on screen, or no longer. */
  show(visible: boolean): void {
    if (visible === this.visibleSignal()) return;
    if (visible) {
      const messages = this.messagesSignal() ?? [];
      const from = messages.findIndex((message) => message.id === this.lastReadSignal());
      const fresh = from < 0 ? [] : messages.slice(from + 1);
      this.markerSignal.set(fresh.find((message) => message.author.id !== this.userId)?.id ?? null);
    } else this.markerSignal.set(null);
    this.visibleSignal.set(visible);
    this.markRead();
  }

  close(): void {
    this.messagesSignal.set(null);
    this.outgoingSignal.set([]);
  }

  private async loadNewest(): Promise<void> {
    try {
      const first = this.messagesSignal() === null;
      const page = await this.api.messages(this.slug);
      this.merge(page.items);
      if (first) {
        this.olderSignal.set(page.next);
        // What was said before one came is history, not news.
        this.lastReadSignal.set(page.items[0]?.id ?? '');
      }
      if (this.visibleSignal()) this.markRead();
      this.errorSignal.set(null);
    } catch (error) {
      this.errorSignal.set(error);
    }
  }

  private async deliver(key: string, text: string): Promise<void> {
    try {
      const message = await this.api.sendMessage(this.slug, text, key);
      this.discard(key);
      this.merge([message]);
      if (this.visibleSignal()) this.markRead();
    } catch (error) {
      this.change(key, { state: 'failed', error });
    }
  }

  private merge(items: readonly Message[]): void {
    const byId = new Map((this.messagesSignal() ?? []).map((message) => [message.id, message]));
    for (const message of items) byId.set(message.id, message);
    this.messagesSignal.set(
      [...byId.values()].sort((a, b) => a.sentAt.localeCompare(b.sentAt) || a.id.localeCompare(b.id)),
    );
  }

  private markRead(): void {
    const last = this.messagesSignal()?.at(-1);
    if (last) this.lastReadSignal.set(last.id);
  }

  private change(key: string, changes: Partial<Outgoing>): void {
    this.outgoingSignal.update((list) => list.map((item) => (item.key === key ? { ...item, ...changes } : item)));
  }
}
