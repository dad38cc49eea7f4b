import { stayEndOf, type StayEnd } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { WebSocket } from 'ws';

/** Says on a socket how the stay that it stands on ended: the last thing before it closes, a fact and never a guess. */
export function sayStayEnded(socket: WebSocket, reason: StayEnd | undefined): void {
  if (reason === undefined || socket.readyState !== socket.OPEN) return;
  socket.send(JSON.stringify({ type: 'stay.ended', at: new Date().toISOString(), data: { reason } }), {
    binary: false,
  });
}

/** How a stay ended that a refusal speaks of; undefined where it speaks of none. */
export function stayEndIn(error: unknown): StayEnd | undefined {
  if (!(error instanceof DomainError)) return undefined;
  return error.reason === 'UNAUTHENTICATED' ? 'session_ended' : stayEndOf(error.details['stayEnded']);
}
