import type { rooms } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer, Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { MediaServer } from '../media/media-server.js';
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
    const room = await this.transaction.run(async (em) => {
      const admission = await em.findOne(Admission, { joinId: claims.joinId }, { refresh: true });
      if (!admission?.holdsFor(person) || admission.mediaRoom !== claims.mediaRoomId) return null;
      return em.findOne(Room, { id: admission.roomId, deletedAt: null }, { refresh: true });
    });
    // One answer for ended, foreign and unknown: a thief of a token learns nothing from it.
    if (!room) throw new DomainError('ADMISSION_ENDED');
    if (!this.media.settled()) throw new DomainError('UNAVAILABLE', { retryAfterSeconds: 5 });
    return { joinId: claims.joinId, roomId: room.id };
  }
}
