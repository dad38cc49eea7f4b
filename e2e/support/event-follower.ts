import { baseUrl, type Caller } from './api.js';
import { openSocket, type RawSocket } from './socket.js';

/** One event as the socket told it. */
export interface SeenEvent {
  readonly seq: number;
  readonly type: string;
}

/** Follows a room's events as the app does: a socket that breaks is opened again behind the last number. */
export class EventFollower {
  readonly seen: SeenEvent[] = [];
  /** How often a socket ended, and how. */
  readonly ends: number[] = [];
  private stopped = false;
  private socket: RawSocket | undefined;

  constructor(
    private readonly caller: Caller,
    private readonly slug: string,
  ) {}

  /** Begins behind a number; resolves when the first socket is open. */
  async start(after: number): Promise<void> {
    const first = this.open(after);
    void this.follow(first, after);
    await first.opened;
  }

  stop(): void {
    this.stopped = true;
    this.socket?.close();
  }

  private open(after: number): RawSocket {
    this.socket = openSocket(`/api/v1/events?room=${this.slug}&after=${after}`, this.caller, baseUrl());
    return this.socket;
  }

  private async follow(first: RawSocket, after: number): Promise<void> {
    for (let socket = first; ; socket = this.open(this.seen.at(-1)?.seq ?? after)) {
      socket.onFrame((frame) => {
        const event = JSON.parse(frame) as SeenEvent;
        if (event.seq) this.seen.push(event);
      });
      this.ends.push(await socket.ended);
      if (this.stopped) return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
