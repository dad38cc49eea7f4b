// The peer of C9: every message goes to everybody else at the same path, four bytes longer, and nothing else is done.
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false }, () =>
  process.send(server.address().port),
);
const rooms = new Map();
server.on('connection', (socket, { url }) => {
  const room = rooms.get(url) ?? rooms.set(url, new Set()).get(url);
  room.add(socket);
  socket.on('close', () => room.delete(socket));
  socket.on('message', (data) => {
    if (data.length === 2) return socket.send(data);
    const frame = Buffer.allocUnsafe(4 + data.length);
    frame.writeUInt32BE(1, 0);
    frame.set(data, 4);
    for (const other of room) if (other !== socket) other.send(frame);
  });
});
