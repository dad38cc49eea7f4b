import { broadcasts, fromBinary, rooms } from '@conclave/contracts';
import { Bus, type BusSubscription } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import { eventFrame, type EventFrame } from './event-frame.js';

interface Feed {
  readonly listeners: Set<(frame: EventFrame) => void>;
  readonly subscription: BusSubscription;
  readonly subscribed: Promise<void>;
}

/** Live events of rooms. A room is heard only while a socket of this process needs it, and its events are written once. */
@Injectable()
export class RoomFeeds {
  private readonly feeds = new Map<string, Feed>();

  constructor(private readonly bus: Bus) {}

  /** Hears a room; when this resolves, the bus knows about it, so nothing that is published from now on is missed. */
  async listen(roomId: string, listener: (frame: EventFrame) => void): Promise<() => void> {
    let feed = this.feeds.get(roomId);
    if (!feed) this.feeds.set(roomId, (feed = this.open(roomId)));
    feed.listeners.add(listener);
    const stop = (): void => this.stop(roomId, listener);
    try {
      await feed.subscribed;
    } catch (error) {
      stop();
      throw error;
    }
    return stop;
  }

  /** Rooms that are heard. */
  get size(): number {
    return this.feeds.size;
  }

  private open(roomId: string): Feed {
    const listeners = new Set<(frame: EventFrame) => void>();
    const subscription = this.bus.subscribe(broadcasts.room(roomId), (data) => {
      const event = fromBinary(rooms.RoomEventSchema, data);
      if (event.roomId !== roomId) return;
      const frame = eventFrame(event);
      for (const listener of [...listeners]) listener(frame);
    });
    return { listeners, subscription, subscribed: this.bus.ping() };
  }

  private stop(roomId: string, listener: (frame: EventFrame) => void): void {
    const feed = this.feeds.get(roomId);
    if (!feed?.listeners.delete(listener) || feed.listeners.size > 0) return;
    this.feeds.delete(roomId);
    feed.subscription.unsubscribe();
  }
}
