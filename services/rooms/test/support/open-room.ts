import { rooms } from '@conclave/contracts';
import type { Actor, Stage } from './stage.js';

/** A room that is open to everybody of the organisation, and its owner. */
export async function openRoom(stage: Stage): Promise<{ owner: Actor; slug: string; roomId: string }> {
  const owner = stage.person();
  const { room } = await owner.rooms.createRoom({ name: 'Open', accessLevel: rooms.AccessLevel.ORGANISATION });
  return { owner, slug: room?.slug ?? '', roomId: room?.id ?? '' };
}
