import { DomainError } from '@conclave/errors';
import type { Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { MediaServer, MediaServerUnreachable } from '../media/media-server.js';
import { findRoomFor } from '../room/room-repository.js';
import { findTarget } from './find-target.js';

/** Mutes every microphone of one participant; they may switch it on again themselves. */
@Injectable()
export class MuteParticipant {
  constructor(
    private readonly transaction: Transaction,
    private readonly media: MediaServer,
  ) {}

  async execute(host: Principal, slug: string, joinId: string): Promise<void> {
    const target = await this.transaction.run(async (em) => {
      const room = await findRoomFor(em, slug, host.userId, 'meeting.moderate');
      return findTarget(em, room.id, joinId);
    });
    if (target.revokedAt || !(await this.mute(target.roomId, joinId))) throw new DomainError('NOT_FOUND');
  }

  private async mute(roomId: string, joinId: string): Promise<boolean> {
    try {
      return await this.media.muteMicrophones(roomId, joinId);
    } catch (cause) {
      throw cause instanceof MediaServerUnreachable ? new DomainError('UNAVAILABLE', { cause }) : cause;
    }
  }
}
