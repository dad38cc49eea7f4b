import { broadcasts, common, create, fromBinary, stayEndToWire, toBinary } from '@conclave/contracts';
import { Bus } from '@conclave/messaging';
import { ExpiringCache } from '@conclave/platform';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { AdmissionEnd } from '../admission/admission.js';
import type { MediaRemoval } from './media-removal-rows.js';
import { PresenceCache } from './presence-cache.js';

/** An admission that has just ended. */
export interface EndedAdmission extends MediaRemoval {
  readonly reason: AdmissionEnd;
}

/** Tells every replica, files and gateways that admissions have ended, so that what stands on them ends at once. */
@Injectable()
export class RevocationHint implements OnModuleInit {
  /** What this process has told lately: the others need not hear it again. */
  private readonly told = new ExpiringCache<string>({ ttlMs: 60_000, most: 50_000, now: () => performance.now() });

  constructor(
    private readonly bus: Bus,
    private readonly cache: PresenceCache,
  ) {}

  /** Other replicas' revocations empty this one's cache. A forged one costs a question to the media server, nothing more. */
  onModuleInit(): void {
    this.bus.subscribe(broadcasts.presenceRevoked, (data) => {
      const { roomId, joinIds } = fromBinary(common.PresenceRevokedSchema, data);
      this.cache.evict(roomId, joinIds);
    });
  }

  /** After the commit. */
  tell(ended: readonly EndedAdmission[]): void {
    for (const { roomId, reason, group } of groupsOf(ended)) {
      const joinIds = group.map(({ joinId }) => joinId);
      for (const joinId of joinIds) this.told.keep(joinId, reason);
      this.cache.evict(roomId, joinIds);
      const message = create(common.PresenceRevokedSchema, {
        roomId,
        joinIds,
        userIds: [...new Set(group.flatMap(({ userId }) => userId ?? []))],
        reason: stayEndToWire(reason),
      });
      this.bus.publish(broadcasts.presenceRevoked, toBinary(common.PresenceRevokedSchema, message));
    }
  }

  /** Tells of what another process has revoked: it may have died before it told anybody. */
  again(removal: MediaRemoval): void {
    const { reason, joinId } = removal;
    if (reason !== null && !this.told.get(joinId)) this.tell([{ ...removal, reason }]);
  }
}

interface EndedGroup {
  readonly roomId: string;
  readonly reason: AdmissionEnd;
  readonly group: readonly EndedAdmission[];
}

/** Those that ended in one room for one reason are told together. */
function groupsOf(ended: readonly EndedAdmission[]): readonly EndedGroup[] {
  const groups = new Map<string, EndedAdmission[]>();
  for (const admission of ended) {
    const key = `${admission.roomId} ${admission.reason}`;
    groups.set(key, [...(groups.get(key) ?? []), admission]);
  }
  return [...groups.values()].flatMap((group) =>
    group.slice(0, 1).map(({ roomId, reason }) => ({ roomId, reason, group })),
  );
}
