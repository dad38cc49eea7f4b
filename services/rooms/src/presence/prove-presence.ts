import { permissionsOf, roleToWire, type RoomRole, type rooms } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer } from '@conclave/messaging';
import { rows, Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { MediaServer, MediaServerUnreachable } from '../media/media-server.js';
import type { ServiceParticipant } from '../admission/admission.js';
import { PresenceCache, type MediaAnswer } from './presence-cache.js';

/** How long somebody who was ACTIVE counts as reconnecting. */
export const reconnectGraceMs = 10_000;

// Tabs of one person in one room that are looked at; more are never needed for one proof.
const mostAdmissions = 8;

/** Who and where. */
export interface PresenceQuestion {
  readonly room: { readonly slug: string } | { readonly id: string };
  readonly userId: string;
  /** A service of the room instead of a person; then there is no user and no session. */
  readonly service?: ServiceParticipant | undefined;
  /** The session that was admitted; empty for a personal token, which stands for the person and not for one browser. */
  readonly sessionId: string;
  /** One admission of theirs, where another one proves nothing; any, if left out. */
  readonly joinId?: string;
  /** The credential that asks; one that is over proves nothing. Empty for a service and where none is known. */
  readonly credentialId: string;
}

/** The proof. */
export interface Presence {
  readonly roomId: string;
  readonly slug: string;
  readonly joinId: string;
  readonly role: RoomRole;
}

interface Candidate extends Presence {
  readonly mediaRoomId: string;
  readonly lastActiveAt: Date | null;
}

/** Present = an unrevoked admission whose participant is ACTIVE now, or was less than 10 s ago. Everything else is NOT_PRESENT. */
@Injectable()
export class ProvePresence {
  constructor(
    private readonly transaction: Transaction,
    private readonly media: MediaServer,
    private readonly cache: PresenceCache,
    private readonly clock: Clock,
  ) {}

  /** For another service, with what the person may do there now. */
  async execute({
    roomSlug,
    roomId,
    userId,
    service,
    sessionId,
    credentialId,
  }: rooms.ProvePresenceRequest): Promise<Answer<typeof rooms.PresenceService.method.provePresence>> {
    const room = roomId === '' ? { slug: roomSlug } : { id: roomId };
    const { slug, role, ...where } = await this.prove({
      room,
      userId,
      sessionId,
      credentialId,
      ...(service !== '' && { service: service as ServiceParticipant }),
    });
    return { ...where, roomSlug: slug, role: roleToWire(role), permissions: [...permissionsOf(role)] };
  }

  async prove(question: PresenceQuestion): Promise<Presence> {
    for (const candidate of await this.candidates(question)) {
      const { roomId, slug, joinId, role, lastActiveAt } = candidate;
      const { participant, askedAt } = await this.askMedia(candidate);
      if (participant?.active) {
        if (askedAt === null || (await this.seenActive(candidate, askedAt))) return { roomId, slug, joinId, role };
      } else if (lastActiveAt !== null && this.clock.now().getTime() - lastActiveAt.getTime() < reconnectGraceMs) {
        return { roomId, slug, joinId, role };
      }
    }
    throw new DomainError('NOT_PRESENT');
  }

  private candidates(question: PresenceQuestion): Promise<Candidate[]> {
    const { room, userId, service, sessionId, credentialId, joinId } = question;
    const byId = 'id' in room;
    return this.transaction.run((em) =>
      rows<Candidate>(
        em,
        `select a.room_id as "roomId", r.slug, coalesce(a.media_room_id, a.room_id) as "mediaRoomId", a.join_id as "joinId", a.role,
                a.last_active_at as "lastActiveAt"
           from admission a join room r on r.id = a.room_id
          where ${byId ? 'r.id' : 'r.slug'} = ? and r.deleted_at is null and a.${service ? 'service' : 'user_id'} = ? and a.revoked_at is null
            and (? = '' or a.session_id = ?) and (?::text is null or a.join_id = ?)
            and not exists (select 1 from ended_session e where e.session_id = ?)
          order by a.last_active_at desc nulls last, a.created_at desc limit ${mostAdmissions}`,
        [
          byId ? room.id : room.slug,
          service ?? userId,
          sessionId,
          sessionId,
          joinId ?? null,
          joinId ?? null,
          credentialId,
        ],
      ),
    );
  }

  private async askMedia({ roomId, mediaRoomId, joinId, lastActiveAt }: Candidate): Promise<MediaAnswer> {
    const ask = () => this.media.findParticipant(mediaRoomId, joinId);
    try {
      return await this.cache.through(roomId, joinId, ask, lastActiveAt === null);
    } catch (error) {
      // Nothing fails open: without the media server's word nobody is present, not even somebody who just was.
      if (error instanceof MediaServerUnreachable) throw new DomainError('NOT_PRESENT', { cause: error });
      throw error;
    }
  }

  /**
   * Remembers the moment for the reconnect grace, and looks once more that nobody revoked the admission meanwhile. Only for
   * fresh answers: a remembered one would stretch the grace beyond its ten seconds.
   */
  private async seenActive({ joinId, lastActiveAt }: Candidate, askedAt: Date): Promise<boolean> {
    if (lastActiveAt !== null && askedAt.getTime() - lastActiveAt.getTime() < 1_000) return true;
    const rows = await this.transaction.run((em) =>
      em.execute<unknown[]>(
        'update admission set last_active_at = ?, last_seen_at = ? where join_id = ? and revoked_at is null returning join_id',
        [askedAt, askedAt, joinId],
      ),
    );
    return rows.length === 1;
  }
}
