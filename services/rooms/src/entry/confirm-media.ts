import type { rooms } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer, Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { mediaRightsOf } from '../media/media-rights.js';
import { MediaServer, MediaServerUnreachable } from '../media/media-server.js';
import type { LiveAdmission } from '../admission/admission.js';
import { findLive } from './live-admission.js';

/** LiveKit greets a newcomer before its API finds them. */
const tries = 20;
const pauseMs = 10;

/**
 * Matches a connection that the media server has with a live admission, and gives it the admission's rights: only from here on is it
 * seen by others, and may publish and subscribe. Whoever loses the admission meanwhile is let go of by what the revocation wrote.
 */
@Injectable()
export class ConfirmMedia {
  constructor(
    private readonly transaction: Transaction,
    private readonly media: MediaServer,
  ) {}

  async execute(
    person: Principal,
    { joinId }: rooms.ConfirmMediaRequest,
  ): Promise<Answer<typeof rooms.EntryService.method.confirmMedia>> {
    if (!(await this.give(await this.admissionOf(joinId, person))))
      throw new DomainError('UNAVAILABLE', { retryAfterSeconds: 1 });
    // A revocation that was committed meanwhile may have told the media server before the rights came.
    await this.admissionOf(joinId, person);
    return {};
  }

  private async admissionOf(joinId: string, person: Principal): Promise<LiveAdmission> {
    const admission = await this.transaction.run((em) => findLive(em, joinId, person));
    if (!admission) throw new DomainError('ADMISSION_ENDED');
    return admission;
  }

  private async give({ mediaRoom, joinId, role }: LiveAdmission): Promise<boolean> {
    try {
      for (let i = 0; i < tries; i++) {
        if (await this.media.changeRights(mediaRoom, joinId, mediaRightsOf(role))) return true;
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
      return false;
    } catch (cause) {
      throw cause instanceof MediaServerUnreachable ? new DomainError('UNAVAILABLE', { cause }) : cause;
    }
  }
}
