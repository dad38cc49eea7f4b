import { broadcasts } from '@conclave/contracts';
import { Bus, type BusSubscription } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
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
}

/**
 * Frames of rooms, to the readers of this process and over the bus to the other gateways. A room is heard only while a socket
 * here needs it. Frames of one sender keep their order; there is no log, and who is not there does not get them.
 */
@Injectable()
export class LiveRooms {
  private readonly rooms = new Map<string, LiveRoom>();

  constructor(
    private readonly bus: Bus,
    private readonly metrics: GatewayMetrics,
  ) {}

  /** Hears a room; when this resolves, the bus knows about it. */
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

  /** Passes a frame on, with its sender in front: to everybody here at once, and to the other gateways. */
  send(roomId: string, frame: Buffer): void {
    this.deliver(this.rooms.get(roomId), frame);
    this.bus.publish(broadcasts.live(roomId), frame);
  }

  private open(roomId: string): LiveRoom {
    const readers = new Set<LiveReader>();
    // The bus does not give back what this process published: it has been delivered already.
    const subscription = this.bus.subscribe(broadcasts.live(roomId), (data) =>
      this.deliver(this.rooms.get(roomId), Buffer.from(data.buffer, data.byteOffset, data.byteLength)),
    );
    return { readers, subscription, subscribed: this.bus.ping() };
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
