import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { onFileEnd } from '@conclave/testing';

/** A way to a server that can be closed and opened again. */
export interface Gate {
  readonly url: string;
  /** From now on connections end as soon as they come. */
  close(): void;
  open(): void;
}

/** A port in front of a server on this machine. */
export async function gateBefore(url: string): Promise<Gate> {
  const { hostname: host, port } = new URL(url);
  const sockets = new Set<Socket>();
  let closed = false;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  };
  const server = createServer((incoming) => {
    keep(incoming);
    if (closed) return void incoming.destroy();
    const outgoing = connect({ host, port: Number(port) });
    keep(outgoing);
    incoming.pipe(outgoing).pipe(incoming);
    incoming.once('close', () => outgoing.destroy());
    outgoing.once('close', () => incoming.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => sockets.forEach((socket) => socket.destroy());
  onFileEnd(() => {
    cut();
    server.close();
  });
  const change = (to: boolean) => () => {
    closed = to;
    cut();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: change(true),
    open: change(false),
  };
}
