import type { Duplex } from 'node:stream';
import { sever } from '@conclave/platform';
import type { WebSocket } from 'ws';

/** So long whoever is told to go may take to read why; then the connection is severed, with all that they have not read. */
const closeGraceMs = 1_000;

/** From now on `terminate` severs the connection under a socket; by itself it would leave what lies in our buffers to be read. */
export function severable(socket: WebSocket, connection: Duplex): WebSocket {
  socket.terminate = () => sever(connection);
  return socket;
}

/** Says why a socket closes, and sees to it that it does. */
export function closeSocket(socket: WebSocket, code: number, words: string): void {
  if (socket.readyState === socket.CLOSED) return;
  if (socket.readyState === socket.CONNECTING) return socket.terminate();
  socket.close(code, words);
  const timer = setTimeout(() => socket.terminate(), closeGraceMs);
  socket.once('close', () => clearTimeout(timer));
}
