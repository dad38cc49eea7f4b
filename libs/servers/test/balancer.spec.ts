import { createServer, type Server } from 'node:http';
import { Balancer, freePort } from '../src/index.js';

describe('one address for several servers', () => {
  const open: { close(): unknown }[] = [];
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
  });
  const serve = async (name: string): Promise<{ port: number; server: Server }> => {
    const port = await freePort();
    const server = createServer((request, response) => void request.pipe(response.setHeader('x-name', name)));
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    open.push({ close: () => (server.closeAllConnections(), server.close()) });
    return { port, server };
  };
  const balance = async (...ports: number[]): Promise<() => Promise<string | null>> => {
    const balancer = new Balancer(ports);
    open.unshift(balancer);
    const port = await freePort();
    await balancer.listen(port);
    return async () => {
      const body = 'x'.repeat(100_000);
      const response = await fetch(`http://127.0.0.1:${port}/`, {
        method: 'POST',
        body,
        headers: { connection: 'close' },
      });
      expect(await response.text()).toBe(body);
      return response.headers.get('x-name');
    };
  };

  it('goes round', async () => {
    const [a, b] = [await serve('a'), await serve('b')];
    const ask = await balance(a.port, b.port);
    expect([await ask(), await ask(), await ask(), await ask()].sort()).toEqual(['a', 'a', 'b', 'b']);
  });

  it('passes over one that is dead', async () => {
    const dead = await freePort();
    const { port } = await serve('a');
    const ask = await balance(dead, port);
    expect([await ask(), await ask(), await ask()]).toEqual(['a', 'a', 'a']);
  });

  it('ends connections of a server that dies, and refuses where none lives', async () => {
    const { port, server } = await serve('a');
    const ask = await balance(port);
    await ask();
    server.close();
    await expect(ask()).rejects.toThrow('fetch failed');
  });
});
