import { broadcasts, common, fromBinary } from '@conclave/contracts';
import { Bus, type BusSubscription } from '@conclave/messaging';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Presence } from '../presence/presence.js';
import { PresenceWatch, type StreamOwner } from './presence-watch.js';

/** Every stream of this process that lives by somebody's presence; a broadcast of rooms ends them at once. */
@Injectable()
export class PresenceWatches implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly open = new Set<PresenceWatch>();
  private subscription: BusSubscription | undefined;

  constructor(
    private readonly presence: Presence,
    private readonly bus: Bus,
  ) {}

  onApplicationBootstrap(): void {
    this.subscription = this.bus.subscribe(broadcasts.presenceRevoked, (data) =>
      this.revoke(fromBinary(common.PresenceRevokedSchema, data)),
    );
  }

  onModuleDestroy(): void {
    this.subscription?.unsubscribe();
  }

  /** Proves presence and keeps watch until the stream ends it. */
  async begin(owner: StreamOwner): Promise<PresenceWatch> {
    const watch = await PresenceWatch.begin(this.presence, owner);
    this.open.add(watch);
    watch.onEnd(() => this.open.delete(watch));
    return watch;
  }

  /** A forged or needless message can only cut a stream, never open one: the worst it does is a download begun again. */
  private revoke({ roomId, joinIds, userIds }: common.PresenceRevoked): void {
    for (const watch of this.open) {
      const meant =
        watch.owner.roomId === roomId &&
        (userIds.length === 0 || userIds.includes(watch.owner.userId)) &&
        (joinIds.length === 0 || joinIds.includes(watch.joinId));
      if (meant) watch.revoke();
    }
  }
}
