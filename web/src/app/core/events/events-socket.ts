import { inject, Injectable, InjectionToken, signal } from '@angular/core';
import { API_ROOT } from '../api/http';
import { stopwatch } from '../time/server-clock';
import { backoffMs } from './backoff';
import { parseFrame, type RoomEvent } from './room-event';
import type { StayEnd } from '../api/api';

/** Makes the socket, replaceable in tests. */
export const OPEN_SOCKET = new InjectionToken<(url: string) => WebSocket>('OPEN_SOCKET', {
  factory: () => (url) => new WebSocket(url),
});

/** `refused`: the room is closed to us, no further try. `signed-out`: the session ended, no further try. */
export type EventsState = 'closed' | 'connecting' | 'open' | 'waiting' | 'refused' | 'signed-out';

const PING_EVERY_MS = 20_000;
const SILENCE_MS = 45_000;
const CLOSE_SIGNED_OUT = 4401;
const CLOSE_NOT_IN_ROOM = 4403;

/** What the owner of a subscription wants to hear. */
export interface EventsListener {
  event(event: RoomEvent): void;
  /** The socket stands (again). Lists may be stale by what happened before the first connection: load them now. */
  connected?(): void;
  /** The stay that the socket stands on is over, and how: the last thing it says. */
  ended?(reason: StayEnd): void;
  /** No further try will be made. */
  refused?(state: 'refused' | 'signed-out'): void;
}

/**
 * The events of one room, in order and without holes: every event has a number, a hole that the server does not explain makes us
 * come back and ask for what is missing, a number seen before is dropped. One instance per meeting.
 */
@Injectable()
export class EventsSocket {
  private readonly openSocket = inject(OPEN_SOCKET);
  private readonly stateSignal = signal<EventsState>('closed');
  private socket: WebSocket | null = null;
  private slug = '';
  private joinId = '';
  private listener: EventsListener | null = null;
  private lastSeq: number | null = null;
  private tries = 0;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private pingTimer: ReturnType<typeof setInterval> | undefined;
  private heardAt = 0;

  readonly state = this.stateSignal.asReadonly();

  /** With `joinId` it stands on that stay alone: of several tabs each is told of its own. */
  open(slug: string, listener: EventsListener, joinId = ''): void {
    this.close();
    this.slug = slug;
    this.joinId = joinId;
    this.listener = listener;
    this.lastSeq = null;
    this.tries = 0;
    this.connect();
  }

  close(): void {
    this.listener = null;
    this.drop();
    this.stateSignal.set('closed');
  }

  private connect(): void {
    this.stateSignal.set('connecting');
    const url = new URL(`${API_ROOT}/events`, location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    url.searchParams.set('room', this.slug);
    if (this.joinId !== '') url.searchParams.set('join', this.joinId);
    if (this.lastSeq !== null) url.searchParams.set('after', String(this.lastSeq));
    const socket = this.openSocket(url.href);
    this.socket = socket;
    socket.onopen = () => this.opened(socket);
    socket.onmessage = (message) => this.heard(socket, message.data);
    socket.onclose = (event) => this.closed(socket, event.code);
  }

  private opened(socket: WebSocket): void {
    if (socket !== this.socket) return;
    this.stateSignal.set('open');
    this.heardAt = stopwatch();
    this.pingTimer = setInterval(() => this.ping(), PING_EVERY_MS);
    this.listener?.connected?.();
  }

  private heard(socket: WebSocket, data: unknown): void {
    if (socket !== this.socket || typeof data !== 'string') return;
    this.heardAt = stopwatch();
    const frame = parseFrame(data);
    if (frame.kind === 'stay-ended') return this.listener?.ended?.(frame.reason);
    if (frame.kind === 'pong' || frame.kind === 'unknown') return;
    const { seq, after } = frame;
    if (this.lastSeq !== null && seq <= this.lastSeq) return;
    if (this.lastSeq !== null && after > this.lastSeq) return this.fillGap();
    this.lastSeq = seq;
    this.tries = 0;
    if (frame.kind === 'event') this.listener?.event(frame.event);
  }

  /** Something is missing: come back with the last number we have, the server sends the rest. */
  private fillGap(): void {
    this.drop();
    this.retry();
  }

  private ping(): void {
    if (stopwatch() - this.heardAt > SILENCE_MS) return this.fillGap();
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send('{"type":"ping"}');
  }

  private closed(socket: WebSocket, code: number): void {
    if (socket !== this.socket) return;
    this.drop();
    if (code === CLOSE_SIGNED_OUT || code === CLOSE_NOT_IN_ROOM) {
      const state = code === CLOSE_SIGNED_OUT ? 'signed-out' : 'refused';
      this.stateSignal.set(state);
      this.listener?.refused?.(state);
      return;
    }
    this.retry();
  }

  private retry(): void {
    this.stateSignal.set('waiting');
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
