import type { rooms } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer, Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { addressProof } from '../invitations/address-proof.js';
import { MediaServer } from '../media/media-server.js';
import { MediaTokens } from '../media/media-tokens.js';
import { findLive } from './live-admission.js';
import { joinIdOf } from './ticket.js';

/**
 * Decides whether a ticket may pass the `/rtc` door, and gives the door a token for that one connection. The admission behind the
 * ticket must hold, and be the caller's own through this session: this is where a removed person stays out.
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
    { ticket }: rooms.AuthorizeMediaRequest,
  ): Promise<Answer<typeof rooms.EntryService.method.authorizeMedia>> {
    const joinId = joinIdOf(ticket) ?? (await this.tokens.verify(ticket)).joinId;
    const found = await this.transaction.run(async (em) => {
      const admission = await findLive(em, joinId, person);
      return admission && { admission, verified: (await addressProof(em, admission.roomId, person)) !== null };
    });
    // One answer for ended, foreign and unknown: a thief of a ticket learns nothing from it.
    if (!found) throw new DomainError('ADMISSION_ENDED');
    if (!this.media.settled()) throw new DomainError('UNAVAILABLE', { retryAfterSeconds: 5 });
    const mediaToken = await this.tokens.mint(found.admission, found);
    return { joinId, roomId: found.admission.roomId, mediaToken };
  }
}
