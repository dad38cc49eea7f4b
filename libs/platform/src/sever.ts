import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * Ends a connection by reset, the one way in which a stream that must end now ends: whatever lies in our buffers, the
 * kernel's among them, is discarded. An ordinary close would still deliver it, seconds or minutes later to a slow reader.
 */
export function sever(stream: Duplex): void {
  // One that is being half-closed at this very moment cannot be reset; in the next it can.
  const halfClosing = stream.writableEnded && !stream.writableFinished && stream.writableLength === 0;
  if (halfClosing && !stream.destroyed) return void stream.once('finish', () => sever(stream));
  const connection = connectionOf(stream);
  // A socket that is gone already is nothing to reset; node would call that an error.
  if (connection && !connection.destroyed) connection.resetAndDestroy();
  stream.destroy();
}

/**
 * Keeps a connection in hand from its last answer on until the other side has closed it. By itself node lets go of it as soon as
 * the kernel has taken the last byte, and nobody could sever what then still lies there. Say `Connection: close` in the answer, and
 * how long it is: then its reader closes when it has everything.
 */
export function holdUntilClosed(stream: Duplex): void {
  (stream as Socket).destroySoon = () => undefined;
}

/** The TCP connection itself. Under TLS it is the socket that TLS was put upon; a stream that is neither has none. */
function connectionOf(stream: Duplex): Socket | undefined {
  const { encrypted, _parent: below } = stream as { encrypted?: boolean; _parent?: unknown };
  const socket = encrypted ? below : stream;
  return socket instanceof Socket ? socket : undefined;
}
