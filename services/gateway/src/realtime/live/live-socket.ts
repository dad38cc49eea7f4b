import type { common, rooms, StayEnd } from '@conclave/contracts';
import { awarenessOps, controlOps, liveChannels, liveHead, liveSender } from '@conclave/contracts/live';
import type { RawData, WebSocket } from 'ws';
import type { FrameDrop } from '../../gateway-metrics.js';
import { closeCodes, closingOf } from '../../live/close-codes.js';
import { closeSocket } from '../../live/close-socket.js';
import { sayStayEnded, stayEndIn } from '../../live/stay-ended.js';
import { FrameBudget, ruleOf } from './frame-rules.js';
import type { LiveReader } from './live-rooms.js';

/** What a socket needs from its surroundings. */
export interface LiveSocketParts {
  /** Whether the admission holds and what its person may do, as the caller of this moment. */
  readonly standing: () => Promise<rooms.ListRoomEventsResponse>;
  /** Registers the open socket; false when a revocation overtook us. */
  readonly admitted: (facts: { roomId: string; joinId: string }) => boolean;
  /** Hears the room; resolves when the bus knows. */
  readonly join: (roomId: string, reader: LiveReader) => Promise<() => void>;
  readonly send: (roomId: string, frame: Buffer) => void;
  readonly dropped: (why: FrameDrop) => void;
  readonly closed: (code: number) => void;
  readonly failed: (error: unknown) => void;
}

/** Timing, in milliseconds; tests make it short. */
export interface LiveTiming {
  /** Between our pings; the one before must have been answered. */
  readonly heartbeatMs: number;
  /** Between looks at whether the caller still belongs here and what they may do. */
  readonly sweepMs: number;
}

/** While the person is on the way in, between looks whether they are there. */
const lookMs = 500;

/** A reader with more than this unread loses frames: what they say is old by the time they could be read. */
const mostUnreadBytes = 64 * 1024;
const pong = Buffer.from([0, 0, 0, 0, liveChannels.control, controlOps.pong]);

/** One browser in the live traffic of one room. */
export class LiveSocket implements LiveReader {
  sender = 0;
  /** What the person may hear of events, as rooms said last. */
  audiences: readonly common.Audience[] = [];
  private roomId = '';
  private permissions: ReadonlySet<string> = new Set();
  private leave: (() => void) | undefined;
  private readonly budget = new FrameBudget();
  private readonly timers: NodeJS.Timeout[] = [];
  private alive = true;
  private ended = false;
  private quiet = false;

  constructor(
    private readonly socket: WebSocket,
    private readonly parts: LiveSocketParts,
    timing: LiveTiming,
  ) {
    socket.on('message', (data, binary) => this.heard(data, binary));
    socket.on('pong', () => (this.alive = true));
    socket.on('close', (code) => this.end(code));
    socket.on('error', () => undefined); // `close` follows and says what happened
    this.timers.push(setInterval(() => this.beat(), timing.heartbeatMs));
    this.timers.push(setInterval(() => void this.prove(), timing.sweepMs));
  }

  /** Begins: proves the admission and presence, hears the room, and passes on what the browser says. */
  async start(): Promise<void> {
    try {
      const first = await this.stand();
      const { roomId, joinId } = first;
      this.sender = liveSender(joinId);
      if (!this.parts.admitted({ roomId, joinId })) return this.close(closeCodes.notInRoom, 'not in the room');
      await this.arrived(first);
      if (this.ended) return;
      const leave = await this.parts.join(roomId, this);
      if (this.ended) return leave();
      this.leave = leave;
      this.roomId = roomId;
      this.socket.resume();
    } catch (error) {
      this.giveUp(error);
    }
  }

  /** Asks again whether the admission holds and what its person may do; until the answer comes, nothing changes. */
  async prove(): Promise<void> {
    if (this.ended || !this.leave) return;
    try {
      const { waiting } = await this.stand();
      // Who comes back into the meeting comes back here too.
      if (waiting) this.close(closeCodes.tryLater, 'not in the meeting');
    } catch (error) {
      this.giveUp(error);
    }
  }

  /** Whoever is let in and not in the meeting yet hears nobody and is heard by nobody, until they are. */
  private async arrived({ waiting }: rooms.ListRoomEventsResponse): Promise<void> {
    if (!waiting) return;
    // Read meanwhile, so that its answers to our pings are seen.
    this.socket.resume();
    while (waiting && !this.ended) {
      await new Promise((resolve) => setTimeout(resolve, lookMs));
      if (!this.ended) ({ waiting } = await this.stand());
    }
    this.socket.pause();
  }

  /** What the person may do has changed: nothing, until it is known what. With `againMs` it is looked once more after that. */
  doubt(againMs?: number): void {
    this.permissions = new Set();
    void this.prove();
    if (againMs !== undefined) setTimeout(() => void this.prove(), againMs).unref();
  }

  /** Another socket of the same admission took over: this one goes without a farewell in its name. */
  replace(): void {
    this.quiet = true;
    this.close(closeCodes.replaced, 'replaced');
  }

  deliver(frame: Buffer): boolean {
    if (this.socket.readyState !== this.socket.OPEN) return true;
    if (this.socket.bufferedAmount > mostUnreadBytes) return false;
    this.socket.send(frame);
    return true;
  }

  /** @param stayEnded how the stay ended that it stands on, where it closes for that */
  close(code: number, reason: string, stayEnded?: StayEnd): void {
    // Whoever is put out hears and says nothing from here on, however long their end of the connection takes.
    this.silence();
    this.socket.resume();
    sayStayEnded(this.socket, stayEnded);
    closeSocket(this.socket, code, reason);
  }

  private async stand(): Promise<rooms.ListRoomEventsResponse> {
    const standing = await this.parts.standing();
    this.permissions = new Set(standing.permissions);
    this.audiences = standing.audiences;
    return standing;
  }

  private heard(data: RawData, binary: boolean): void {
    if (this.roomId === '') return;
    if (!binary) return this.close(closeCodes.badFrame, 'binary frames only');
    const frame = data as Buffer; // the socket's binaryType is nodebuffer, and messages are not fragmented for us
    const rule = ruleOf(frame);
    if (!rule) return this.close(closeCodes.badFrame, 'unknown frame');
    if (frame.length - liveHead.fromBrowser > rule.mostBytes) return this.close(closeCodes.policy, 'frame too large');
    const left = this.budget.take(rule.channel);
    if (left === 'flood') return this.close(closeCodes.policy, 'too many frames');
    if (left === 'too many') return this.parts.dropped('too many');
    if (rule.permission === undefined) return void this.deliver(pong);
    if (!this.permissions.has(rule.permission)) return this.parts.dropped('not permitted');
    this.parts.send(this.roomId, this.signed(frame));
  }

  /** The frame with its sender in front: nobody speaks for somebody else. */
  private signed(frame: Uint8Array): Buffer {
    const signed = Buffer.allocUnsafe(4 + frame.length);
    signed.writeUInt32BE(this.sender, 0);
    signed.set(frame, 4);
    return signed;
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

  /** Leaves the room and says so in its own name, once. */
  private silence(): void {
    const { roomId } = this;
    this.leave?.();
    this.leave = undefined;
    this.roomId = '';
    if (roomId !== '' && !this.quiet)
      this.parts.send(roomId, this.signed(Buffer.from([liveChannels.awareness, awarenessOps.gone])));
  }

  private end(code: number): void {
    if (this.ended) return;
    this.ended = true;
    for (const timer of this.timers) clearInterval(timer);
    this.silence();
    this.parts.closed(code);
  }
}
