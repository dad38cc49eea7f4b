import { inject, Injectable, InjectionToken } from '@angular/core';
import { controlOps, liveChannels, liveFrame, readLiveFrame, type LiveFrame } from '@conclave/contracts/live';
import { API_ROOT } from '../api/http';
import { stopwatch } from '../time/server-clock';
import { backoffMs } from '../events/backoff';

/** Makes the socket, replaceable in tests. */
export const OPEN_LIVE_SOCKET = new InjectionToken<(url: string) => WebSocket>('OPEN_LIVE_SOCKET', {
  factory: () => (url) => {
    const socket = new WebSocket(url);
    socket.binaryType = 'arraybuffer';
    return socket;
  },
});

const PING_EVERY_MS = 20_000;
const SILENCE_MS = 45_000;
/** Signed out, not in the room, another socket of this admission took over: no further try. */
const FINAL: ReadonlySet<number> = new Set([4401, 4403, 4409]);

/** What the owner wants to hear. */
export interface LiveListener {
  frame(frame: LiveFrame): void;
  /** The socket stands (again): what was said before is not known. */
  connected(): void;
}

/**
 * What is not a fact with a number: frames of the people inside, as they come. Nothing is kept, filled in or said twice; while the
 * socket is away, what one says is lost. One instance per meeting.
 */
@Injectable()
export class LiveSocket {
  private readonly openSocket = inject(OPEN_LIVE_SOCKET);
  private socket: WebSocket | null = null;
  private address = '';
  private listener: LiveListener | null = null;
  private tries = 0;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private pingTimer: ReturnType<typeof setInterval> | undefined;
  private heardAt = 0;

  open(slug: string, joinId: string, listener: LiveListener): void {
    this.close();
    const url = new URL(`${API_ROOT}/rooms/${encodeURIComponent(slug)}/live`, location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    url.searchParams.set('join', joinId);
    this.address = url.href;
    this.listener = listener;
    this.tries = 0;
    this.connect();
  }

  send(channel: number, op: number, body: readonly number[] = []): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(liveFrame(channel, op, body));
  }

  close(): void {
    this.listener = null;
    this.drop();
  }

  private connect(): void {
    const socket = this.openSocket(this.address);
    this.socket = socket;
    socket.onopen = () => this.opened(socket);
    socket.onmessage = (message) => this.heard(socket, message.data);
    socket.onclose = (event) => this.closed(socket, event.code);
  }

  private opened(socket: WebSocket): void {
    if (socket !== this.socket) return;
    this.heardAt = stopwatch();
    this.pingTimer = setInterval(() => this.ping(), PING_EVERY_MS);
    this.listener?.connected();
  }

  private heard(socket: WebSocket, data: unknown): void {
    if (socket !== this.socket || !(data instanceof ArrayBuffer)) return;
    this.heardAt = stopwatch();
    this.tries = 0;
    const frame = readLiveFrame(new Uint8Array(data));
    if (frame && frame.channel !== liveChannels.control) this.listener?.frame(frame);
  }

  private ping(): void {
    if (stopwatch() - this.heardAt > SILENCE_MS) {
      this.drop();
      return this.retry();
    }
    this.send(liveChannels.control, controlOps.ping);
  }

  private closed(socket: WebSocket, code: number): void {
    if (socket !== this.socket) return;
    this.drop();
    if (!FINAL.has(code)) this.retry();
  }

  private retry(): void {
    this.retryTimer = setTimeout(() => this.connect(), backoffMs(this.tries++));
  }

  private drop(): void {
    clearTimeout(this.retryTimer);
    clearInterval(this.pingTimer);
    const socket = this.socket;
    this.socket = null;
    if (socket && socket.readyState <= WebSocket.OPEN) socket.close(1000);
  }
}
