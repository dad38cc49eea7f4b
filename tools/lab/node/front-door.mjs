// http://localhost:8080 inside the lab: browsers treat it as safe. It leads to the gateway's Service as a load balancer
// would, each connection anew, where a port-forward holds on to one pod.
import { createServer, connect } from 'node:net';

/** Opens the door; `close` shuts it. */
export function openFrontDoor(address, port = 8080) {
  const open = new Set();
  const server = createServer((from) => {
    const to = connect(port, address);
    for (const [one, other] of [
      [from, to],
      [to, from],
    ]) {
      open.add(one);
      one.setNoDelay(true);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () =>
      resolve({
        url: `http://localhost:${port}`,
        close: () => {
          server.close();
          for (const socket of open) socket.destroy();
        },
      }),
    );
  });
}
