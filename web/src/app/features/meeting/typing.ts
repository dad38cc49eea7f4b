import { computed, inject, Injectable, signal } from '@angular/core';
import {
  awarenessBits,
  awarenessOps,
  awarenessTtlMs,
  liveChannels,
  liveSender,
  type LiveFrame,
} from '@conclave/contracts/live';
import { LiveSocket } from '../../core/live/live-socket';
import { stopwatch } from '../../core/time/server-clock';
import { MeetingRoom } from './meeting-room';

const { awareness } = liveChannels;
/** While somebody goes on typing, others are told again; well below the time after which they forget. */
const SAY_AGAIN_MS = 2_000;
/** Without a key for this long, nobody is typing. */
const IDLE_MS = 4_000;
/** A screen reader hears of it once, and again only after a while. */
const QUIET_MS = 15_000;

/** Who is typing in the chat, and telling others that oneself is. One instance per meeting. */
@Injectable()
export class Typing {
  private readonly live = inject(LiveSocket);
  private readonly room = inject(MeetingRoom);
  private readonly typists = signal<ReadonlyMap<number, ReturnType<typeof setTimeout>>>(new Map());
  private stay: { readonly slug: string; readonly joinId: string } | null = null;
  private shown = false;
  private watching = false;
  private saidAt: number | null = null;
  private idle: ReturnType<typeof setTimeout> | undefined;
  private announcedAt = -Infinity;

  /** Names of the others who are typing, in the order in which they began. */
  readonly names = computed(() => {
    const byId = new Map(this.room.participants().map((person) => [liveSender(person.joinId), person]));
    return [...this.typists().keys()].flatMap((sender) => {
      const person = byId.get(sender);
      return person && !person.local ? [person.name] : [];
    });
  });
  /** Whether a change of the line is not to be read out: it was a moment ago. */
  readonly quiet = signal(false);

  begin(slug: string, joinId: string): void {
    // Back in by a new entry, the one before is nobody's: its socket closes.
    this.live.close();
    this.watching = false;
    this.stay = { slug, joinId };
    this.open();
  }

  /** The chat is shown, maybe before media stands: from the first time on, the live socket does. */
  watch(): void {
    this.shown = true;
    this.open();
  }

  /** One has just typed something. */
  typed(): void {
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.stopped(), IDLE_MS);
    if (this.saidAt !== null && stopwatch() - this.saidAt < SAY_AGAIN_MS) return;
    this.say(true);
  }

  /** One has sent it, or thought better of it. */
  stopped(): void {
    clearTimeout(this.idle);
    if (this.saidAt !== null) this.say(false);
  }

  close(): void {
    clearTimeout(this.idle);
    this.live.close();
    for (const timer of this.typists().values()) clearTimeout(timer);
    this.typists.set(new Map());
    this.stay = null;
    this.watching = false;
    this.shown = false;
    this.saidAt = null;
  }

  private open(): void {
    if (this.watching || !this.shown || !this.stay) return;
    this.watching = true;
    this.live.open(this.stay.slug, this.stay.joinId, {
      frame: (frame) => this.heard(frame),
      connected: () => this.connected(),
    });
  }

  /** A newcomer, also one who was away for a moment, knows nothing: whoever has a state says it again. */
  private connected(): void {
    for (const sender of this.typists().keys()) this.forget(sender);
    this.live.send(awareness, awarenessOps.ask);
    if (this.saidAt !== null) this.say(true);
  }

  private heard({ sender, channel, op, body }: LiveFrame): void {
    if (channel !== awareness) return;
    if (op === awarenessOps.ask && this.saidAt !== null) this.say(true);
    if (op === awarenessOps.gone) this.forget(sender);
    if (op !== awarenessOps.state) return;
    if ((body[0] ?? 0) & awarenessBits.typing) this.remember(sender);
    else this.forget(sender);
  }

  private say(typing: boolean): void {
    this.saidAt = typing ? stopwatch() : null;
    this.live.send(awareness, awarenessOps.state, [typing ? awarenessBits.typing : 0]);
  }

  private remember(sender: number): void {
    const first = this.typists().size === 0;
    if (first) {
      this.quiet.set(stopwatch() - this.announcedAt < QUIET_MS);
      if (!this.quiet()) this.announcedAt = stopwatch();
    } else if (!this.typists().has(sender)) this.quiet.set(true);
    clearTimeout(this.typists().get(sender));
    const timer = setTimeout(() => this.forget(sender), awarenessTtlMs);
    this.typists.update((known) => new Map(known).set(sender, timer));
  }

  private forget(sender: number): void {
    if (!this.typists().has(sender)) return;
    clearTimeout(this.typists().get(sender));
    this.typists.update((known) => new Map([...known].filter(([one]) => one !== sender)));
  }
}
