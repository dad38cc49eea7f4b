import { broadcasts } from '@conclave/contracts';
import { gatewayOps, liveChannels } from '@conclave/contracts/live';
import { Bus, type BusSubscription } from '@conclave/messaging';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { GatewayMetrics } from '../../gateway-metrics.js';

/** Whoever gets the frames of a room. */
export interface LiveReader {
  /** What frames of their own begin with: nobody gets those back. */
  readonly sender: number;
  /** Sends, or says that this reader is too slow for it. */
  deliver(frame: Buffer): boolean;
}

interface LiveRoom {
  readonly readers: Set<LiveReader>;
  readonly subscription: BusSubscription;
  readonly subscribed: Promise<void>;
  readonly others: OtherGateways;
}

/** What is known of the other gateways that have a room. */
interface OtherGateways {
  /** No other gateway hears the room, as the bus said last: frames need not go out. Unknown is not alone. */
  alone: boolean;
  /** How often one of them was heard. */
  heard: number;
}

/** Between questions to the bus whether other gateways are still there: who comes says so, who goes does not. */
const askEveryMs = 5_000;
const here = Buffer.from([0, 0, 0, 0, liveChannels.control, gatewayOps.here]);

/**
 * Frames of rooms, to the readers of this process and over the bus to the other gateways. A room is heard only while a socket
 * here needs it, and published only while another gateway has it, for a message on NATS is a good part of its cost. Frames of
 * one sender keep their order; there is no log, and who is not there does not get them.
 */
@Injectable()
export class LiveRooms implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly rooms = new Map<string, LiveRoom>();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly bus: Bus,
    private readonly metrics: GatewayMetrics,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule();
  }

  beforeApplicationShutdown(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** Hears a room; when this resolves, the bus knows about it and has told the other gateways. */
  async join(roomId: string, reader: LiveReader): Promise<() => void> {
    let room = this.rooms.get(roomId);
    if (!room) this.rooms.set(roomId, (room = this.open(roomId)));
    room.readers.add(reader);
    const leave = (): void => this.leave(roomId, reader);
    try {
      await room.subscribed;
    } catch (error) {
      leave();
      throw error;
    }
    return leave;
  }

  /** Passes a frame on, with its sender in front: to everybody here at once, and to the other gateways that have the room. */
  send(roomId: string, frame: Buffer): void {
    const room = this.rooms.get(roomId);
    this.deliver(room, frame);
    // A room that has just been left here is not known any more: its last farewell goes out.
    if (room?.others.alone) return;
    this.metrics.framePublished();
    this.bus.publish(broadcasts.live(roomId), frame);
  }

  /** Asks the bus about every room anew; what it does not answer is unknown, and the next time will tell. */
  async askAll(): Promise<void> {
    await Promise.all([...this.rooms].map(([roomId, { others }]) => this.ask(roomId, others).catch(() => undefined)));
  }

  private schedule(): void {
    this.timer = setTimeout(() => {
      void this.askAll().finally(() => {
        if (!this.stopped) this.schedule();
      });
    }, askEveryMs);
    this.timer.unref();
  }

  /** Tells the other gateways that the room is here, and hears from the bus whether there are any (docs/adr/0013). */
  private async ask(roomId: string, others: OtherGateways): Promise<void> {
    const { heard } = others;
    let reached = true;
    try {
      reached = await this.bus.reaches(broadcasts.live(roomId), here);
    } finally {
      // Whoever was heard since the question has come since.
      others.alone = !reached && others.heard === heard;
    }
  }

  private open(roomId: string): LiveRoom {
    const others: OtherGateways = { alone: false, heard: 0 };
    // The bus does not give back what this process published: it has been delivered already.
    const subscription = this.bus.subscribe(broadcasts.live(roomId), (data) => {
      others.alone = false;
      others.heard++;
      const frame = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
      if (frame[4] !== liveChannels.control) this.deliver(this.rooms.get(roomId), frame);
    });
    // After the subscription: whoever hears of us is heard by us.
    return { readers: new Set(), subscription, subscribed: this.ask(roomId, others), others };
  }

  private deliver(room: LiveRoom | undefined, frame: Buffer): void {
    if (!room || frame.length < 6) return;
    const sender = frame.readUInt32BE(0);
    let delivered = 0;
    for (const reader of room.readers) {
      if (reader.sender === sender) continue;
      if (reader.deliver(frame)) delivered++;
      else this.metrics.frameDropped('slow reader');
    }
    this.metrics.framesDelivered(delivered);
  }

  private leave(roomId: string, reader: LiveReader): void {
    const room = this.rooms.get(roomId);
    if (!room?.readers.delete(reader) || room.readers.size > 0) return;
    this.rooms.delete(roomId);
    room.subscription.unsubscribe();
  }
}
