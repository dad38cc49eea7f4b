import type { rooms } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer, Grant } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { MediaServer, MediaServerUnreachable } from '../media/media-server.js';
import { lockRoom } from '../room/room-repository.js';
import { findTarget } from './find-target.js';

/** Mutes every microphone of one participant; they may switch it on again themselves. */
@Injectable()
export class MuteParticipant {
  constructor(
    private readonly transaction: Transaction,
    private readonly media: MediaServer,
  ) {}

  async execute(
    grant: Grant,
    { joinId }: rooms.MuteParticipantRequest,
  ): Promise<Answer<typeof rooms.ParticipantsService.method.muteParticipant>> {
    const target = await this.transaction.run(async (em) => {
      const room = await lockRoom(em, grant);
      return findTarget(em, room.id, joinId);
    });
    grant.requireOver('participant.mute', target);
    if (target.revokedAt || !(await this.mute(target.mediaRoom, joinId))) throw new DomainError('NOT_FOUND');
    return {};
  }

  private async mute(mediaRoomId: string, joinId: string): Promise<boolean> {
    try {
      return await this.media.muteMicrophones(mediaRoomId, joinId);
    } catch (cause) {
      throw cause instanceof MediaServerUnreachable ? new DomainError('UNAVAILABLE', { cause }) : cause;
    }
  }
}
