import type { rooms } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer, Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { MediaServer } from '../media/media-server.js';
import { isUuid } from '../room/ids.js';
import { Room } from '../room/room.js';
import { Admission } from '../admission/admission.js';
import { MediaTokens } from '../media/media-tokens.js';

/**
 * Decides whether a media token may pass the `/rtc` door. The media server itself never forgets a token it signed, so this is
 * where a removed person stays out: the admission behind the token must hold, and be the caller's own through this session.
 */
@Injectable()
export class AuthorizeMedia {
  constructor(
    private readonly transaction: Transaction,
    private readonly tokens: MediaTokens,
    private readonly media: MediaServer,
  ) {}

  async execute(
    person: Principal,
    { mediaToken }: rooms.AuthorizeMediaRequest,
  ): Promise<Answer<typeof rooms.EntryService.method.authorizeMedia>> {
    const claims = await this.tokens.verify(mediaToken);
    if (!isUuid(claims.roomId)) throw new DomainError('UNAUTHENTICATED');
    const passes = await this.transaction.run(async (em) => {
      const admission = await em.findOne(Admission, { joinId: claims.joinId }, { refresh: true });
      if (!admission?.holdsFor(person) || admission.roomId !== claims.roomId) return false;
      const room = await em.findOne(Room, { id: claims.roomId, deletedAt: null }, { refresh: true });
      return room !== null;
    });
    // One answer for ended, foreign and unknown: a thief of a token learns nothing from it.
    if (!passes) throw new DomainError('ADMISSION_ENDED');
    if (!this.media.settled()) throw new DomainError('UNAVAILABLE', { retryAfterSeconds: 5 });
    return claims;
  }
}
