// LiveKit ends where Redis does not answer its first question. Where both come with one release, it waits here instead.
import { connect } from 'node:net';

// The first process of a container hears only what it listens for.
process.once('SIGTERM', () => process.exit(143));

const { REDIS_HOST: host, REDIS_PORT: port } = process.env;

const listens = () =>
  new Promise((resolve) => {
    const socket = connect({ host, port: Number(port), timeout: 2_000 });
    const end = (is) => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });

console.log(`waiting for ${host}:${port}`);
while (!(await listens())) await new Promise((resolve) => setTimeout(resolve, 500));
console.log('there');
