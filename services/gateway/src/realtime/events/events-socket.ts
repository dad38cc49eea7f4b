import { isFor, type common, type rooms, type StayEnd } from '@conclave/contracts';
import type { RawData, WebSocket } from 'ws';
import { closeCodes, closingOf } from '../../live/close-codes.js';
import { closeSocket } from '../../live/close-socket.js';
import { sayStayEnded, stayEndIn } from '../../live/stay-ended.js';
import { afterGap, changesStanding, eventFrame, saysOf, type EventFrame } from '../feeds/event-frame.js';
import { EventSequence, type EventPage } from './event-sequence.js';

/** What a socket needs from its surroundings. */
export interface EventsSocketParts {
  /** Whose browser it is. */
  readonly userId: string;
  /** The room's log, as the caller of this moment: an ended session or admission is refused here. */
  readonly list: (request: { after?: bigint; limit: number }) => Promise<rooms.ListRoomEventsResponse>;
  /** Hears the room; resolves when nothing can be missed any more. */
  readonly listen: (roomId: string, listener: (frame: EventFrame) => void) => Promise<() => void>;
  /** Registers the open socket; false when a revocation overtook us. */
  readonly admitted: (facts: { roomId: string; joinId: string }) => boolean;
  readonly delivered: () => void;
  readonly closed: (code: number) => void;
  readonly failed: (error: unknown) => void;
}

/** The only thing a browser may say. */
const pingFrame = /^\s*\{\s*"type"\s*:\s*"ping"\s*\}\s*$/;
const pongFrame = JSON.stringify({ type: 'pong' });

const pageSize = 500;
/** Frames a browser may send at once, and how many come back per second. */
const inbound = { burst: 20, perSecond: 2 };
/** While the person is on the way in: how soon it is looked again whether they are there, twice as late each time. */
const firstLookMs = 200;
const lastLookMs = 2_000;
/** Somebody whose connection went counts as coming back for ten seconds; then it is looked once more. */
const afterGraceMs = 11_000;
/** A browser that does not read is cut: it comes back and fills its gap. */
const mostBufferedBytes = 1024 * 1024;

/** Timing, in milliseconds; tests make it short. */
export interface EventsTiming {
  /** Between our pings; the one before must have been answered. */
  readonly heartbeatMs: number;
  /** Between looks at the log, which find what a lost broadcast missed and whether the caller still belongs here. */
  readonly sweepMs: number;
}

/** One browser listening to one room. */
export class EventsSocket {
  private sequence: EventSequence | undefined;
  private stopListening: (() => void) | undefined;
  private readonly timers: NodeJS.Timeout[] = [];
  private alive = true;
  private tokens = inbound.burst;
  private filledAt = Date.now();
  private ended = false;
  /** What the caller may hear, as the log said last. */
  private audiences: readonly common.Audience[] = [];
  private joinId = '';
  private lookMs = firstLookMs;
  private nextLook: NodeJS.Timeout | undefined;

  constructor(
    private readonly socket: WebSocket,
    private readonly parts: EventsSocketParts,
    timing: EventsTiming,
  ) {
    socket.on('message', (data, binary) => this.heard(data, binary));
    socket.on('pong', () => (this.alive = true));
    socket.on('close', (code) => this.end(code));
    socket.on('error', () => undefined); // `close` follows and says what happened
    this.timers.push(setInterval(() => this.beat(), timing.heartbeatMs));
    this.timers.push(setInterval(() => void this.catchUp(), timing.sweepMs));
  }

  /**
   * Begins: reads the log from `after` (or from now on), hears the room, and leaves no gap between the two. Where the person is let in
   * and not in the meeting, the socket is open and silent until they are.
   */
  async start(after: bigint | undefined): Promise<void> {
    try {
      const first = await this.list(after === undefined ? { limit: pageSize } : { after, limit: pageSize });
      const { roomId, joinId } = first;
      if (this.ended) return;
      if (!this.parts.admitted({ roomId, joinId })) return this.close(closeCodes.notInRoom, 'not in the room');
      this.joinId = joinId;
      const sequence = new EventSequence(after ?? first.lastSeq, {
        read: firstThen(first, after, (request) => this.list(request)),
        isFor: (frame) => this.isFor(frame),
        changes: (frame) => this.changes(frame),
        send: (frame, last) => this.send(frame, last),
      });
      this.sequence = sequence;
      const stop = await this.parts.listen(roomId, (frame) => {
        if (saysOf(frame, 'went', joinId)) this.lookAfter(afterGraceMs);
        if (sequence.offer(frame) === 'behind') void this.catchUp();
      });
      if (this.ended) return stop();
      this.stopListening = stop;
      await this.fill(sequence);
      // What the browser says is read from here on: an answer means that it is in.
      this.socket.resume();
    } catch (error) {
      this.giveUp(error);
    }
  }

  /** Looks at the log again, for example after the bus was away. */
  async catchUp(): Promise<void> {
    if (this.ended || !this.sequence) return;
    await this.fill(this.sequence).catch((error: unknown) => this.giveUp(error));
  }

  private async fill(sequence: EventSequence): Promise<void> {
    await sequence.fill();
    if (!sequence.waiting) return void (this.lookMs = firstLookMs);
    this.lookAfter(this.lookMs);
    this.lookMs = Math.min(this.lookMs * 2, lastLookMs);
  }

  private lookAfter(ms: number): void {
    clearTimeout(this.nextLook);
    if (!this.ended) this.nextLook = setTimeout(() => void this.catchUp(), ms).unref();
  }

  private isFor({ event }: EventFrame): boolean {
    return isFor(event, { userId: this.parts.userId, audiences: this.audiences });
  }

  /** New rights, and what says that the person has come into the meeting or has lost it. */
  private changes(frame: EventFrame): boolean {
    if (changesStanding(frame)) return this.isFor(frame);
    return (
      saysOf(frame, 'went', this.joinId) || (this.sequence?.waiting === true && saysOf(frame, 'came', this.joinId))
    );
  }

  /** @param stayEnded how the stay ended that it stands on, where it closes for that */
  close(code: number, reason: string, stayEnded?: StayEnd): void {
    this.socket.resume();
    sayStayEnded(this.socket, stayEnded);
    closeSocket(this.socket, code, reason);
  }

  private async list(request: { after?: bigint; limit: number }): Promise<rooms.ListRoomEventsResponse> {
    const page = await this.parts.list(request);
    this.audiences = page.audiences;
    return page;
  }

  private send({ seq, frame }: EventFrame, last: bigint): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    if (this.socket.bufferedAmount > mostBufferedBytes) return this.socket.terminate();
    this.socket.send(seq === last + 1n ? frame : afterGap(frame, last), { binary: false });
    this.parts.delivered();
  }

  private heard(data: RawData, binary: boolean): void {
    const now = Date.now();
    this.tokens = Math.min(inbound.burst, this.tokens + ((now - this.filledAt) / 1000) * inbound.perSecond) - 1;
    this.filledAt = now;
    if (this.tokens < 0) return this.close(closeCodes.badFrame, 'too many frames');
    if (binary) return this.close(closeCodes.badFrame, 'text frames only');
    if (!pingFrame.test(data.toString())) return this.close(closeCodes.badFrame, 'unknown frame');
    this.socket.send(pongFrame);
  }

  private beat(): void {
    if (!this.alive) return this.socket.terminate();
    this.alive = false;
    this.socket.ping();
  }

  private giveUp(error: unknown): void {
    const { code, words } = closingOf(error);
    if (code === closeCodes.tryLater) this.parts.failed(error);
    this.close(code, words, stayEndIn(error));
  }

  private end(code: number): void {
    if (this.ended) return;
    this.ended = true;
    for (const timer of this.timers) clearInterval(timer);
    clearTimeout(this.nextLook);
    this.stopListening?.();
    this.parts.closed(code);
  }
}

/** Reading starts with the page that was fetched to learn the room. */
function firstThen(
  first: rooms.ListRoomEventsResponse,
  after: bigint | undefined,
  list: EventsSocketParts['list'],
): (after: bigint) => Promise<EventPage> {
  let unread = after === undefined || (first.events.length === 0 && !first.waiting) ? undefined : first;
  return async (from) => {
    const page = unread ?? (await list({ after: from, limit: pageSize }));
    const fromFirst = unread !== undefined;
    unread = undefined;
    const frames = page.events.map(eventFrame);
    const { throughSeq, lastSeq, waiting } = page;
    if (waiting) return { frames: [], throughSeq: from, lastSeq: from, waiting };
    // What the first page called the last number is old by now: read on behind it.
    return { frames, throughSeq, lastSeq: fromFirst ? lastSeq + 1n : lastSeq };
  };
}
