import { computed, DestroyRef, effect, inject, Injectable, signal, untracked } from '@angular/core';
import { Api, type WaitingPerson } from '../../core/api/api';
import { isolated } from '../../core/format';
import { Toasts } from '../../shared/toast/toasts';
import { Announcer } from './announcer';
import { Rights } from './rights';

/** Those who go away again are not announced: while somebody waits, the list is read so often. */
const READ_AGAIN_MS = 5_000;

/** The room's door as hosts see it: who waits before it, whether newcomers do, and its code. */
@Injectable()
export class Lobby {
  private readonly api = inject(Api);
  private readonly announcer = inject(Announcer);
  private readonly rights = inject(Rights);
  private readonly toasts = inject(Toasts);
  private slug = '';
  private newestRead = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** The toast about each who waits, by their request. */
  private readonly announced = new Map<string, number>();

  readonly may = computed(() => this.rights.may('lobby.admit'));
  readonly mayCode = computed(() => this.rights.may('room.access-code'));
  readonly waiting = signal<readonly WaitingPerson[]>([]);
  readonly newcomersWait = computed(() => Boolean(this.rights.seen()?.newcomersWaitSince));
  readonly codeGuessed = computed(() => Boolean(this.rights.seen()?.codeGuessedAt));

  constructor() {
    inject(DestroyRef).onDestroy(() => clearTimeout(this.timer));
    // A co-host hosts at once, and no longer when that is taken back.
    effect(() => {
      this.may();
      untracked(() => void this.read());
    });
  }

  open(slug: string): void {
    this.slug = slug;
    void this.read();
  }

  close(): void {
    this.slug = '';
    this.newestRead++;
    clearTimeout(this.timer);
    this.show([]);
  }

  /** Somebody came to the door. */
  async knocked(userId: string): Promise<void> {
    await this.read();
    const person = this.waiting().find((one) => one.userId === userId);
    if (!person || this.announced.has(person.requestId)) return;
    const words = person.verified
      ? $localize`:@@lobby.knocked:${isolated(person.displayName)}:NAME: is waiting to come in.`
      : $localize`:@@lobby.knockedUnverified:${isolated(person.displayName)}:NAME: (not verified) is waiting to come in.`;
    const id = this.toasts.ask(words, [
      { label: $localize`:@@lobby.deny:Deny`, run: () => void this.deny(person) },
      { label: $localize`:@@lobby.admit:Admit`, run: () => void this.admit(person) },
    ]);
    this.announced.set(person.requestId, id);
    this.announcer.attract(words, 'knock');
  }

  admit({ requestId }: WaitingPerson): Promise<void> {
    return this.act(() => this.api.admitWaiting(this.slug, requestId));
  }

  deny({ requestId }: WaitingPerson): Promise<void> {
    return this.act(() => this.api.denyWaiting(this.slug, requestId));
  }

  async setNewcomersWait(wait: boolean): Promise<void> {
    await this.act(() => this.api.setNewcomersWait(this.slug, { wait }));
    await this.rights.refresh();
  }

  /** Many wrong codes were tried: said once, with the one thing to do. */
  guessed(): void {
    void this.rights.refresh();
    if (!this.mayCode()) return;
    this.toasts.ask($localize`:@@lobby.guessed:Many wrong access codes were tried.`, [
      { label: $localize`:@@lobby.changeCode:Change the code`, run: () => void this.changeCode() },
    ]);
  }

  async changeCode(): Promise<void> {
    await this.act(async () => this.sayCode((await this.api.rotateAccessCode(this.slug)).accessCode));
    await this.rights.refresh();
  }

  /** Somebody was put out, and with them the code that they knew. */
  removed(name: string, codeChanged: boolean): void {
    if (!codeChanged) return this.toasts.say($localize`:@@people.removedToast:${isolated(name)}:NAME: is removed.`);
    if (!this.rights.may('room.read-access-code'))
      return this.toasts.say(
        $localize`:@@people.removedCodeOwner:${isolated(name)}:NAME: is removed. The code was changed, the owner of the room knows the new one.`,
      );
    this.toasts.ask($localize`:@@people.removedCode:${isolated(name)}:NAME: is removed. The code was changed.`, [
      { label: $localize`:@@people.showCode:Show the new code`, run: () => void this.showCode() },
    ]);
  }

  private showCode(): Promise<void> {
    return this.act(async () => this.sayCode((await this.api.accessCode(this.slug)).accessCode ?? ''));
  }

  private sayCode(code: string): void {
    if (code === '') return this.toasts.say($localize`:@@lobby.noCode:There is no access code now.`);
    this.toasts.ask($localize`:@@lobby.code:The access code is ${isolated(code)}:CODE:`, []);
  }

  private async act(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.toasts.fail(error);
    }
    await this.read();
  }

  private async read(): Promise<void> {
    const mine = ++this.newestRead;
    clearTimeout(this.timer);
    if (this.slug === '' || !this.may()) return this.show([]);
    const page = await this.api.waiting(this.slug).catch(() => null);
    if (mine !== this.newestRead) return;
    if (page) this.show(page.items);
    if (this.waiting().length > 0) this.timer = setTimeout(() => void this.read(), READ_AGAIN_MS);
  }

  private show(waiting: readonly WaitingPerson[]): void {
    this.waiting.set(waiting);
    for (const [requestId, toast] of this.announced) {
      if (waiting.some((one) => one.requestId === requestId)) continue;
      this.toasts.dismiss(toast);
      this.announced.delete(requestId);
    }
  }
}
