import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { WatchedReaders, type Parting } from '../src/index.js';

/** More than the kernels on both sides take. */
const much = Buffer.alloc(64 * 1024 * 1024);
const watchMs = 300;

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

describe('readers that are watched', () => {
  let server: Server;
  let port: number;
  let served: Socket[];
  const others: { destroy(): unknown }[] = [];

  beforeEach(async () => {
    served = [];
    server = createServer((socket) => {
      served.push(socket);
      socket.on('error', () => undefined);
      socket.once('data', () => socket.write(much));
    });
    port = await listen(server);
  });
  afterEach(async () => {
    for (const socket of [...served, ...others.splice(0)]) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  async function watch(event: (served: readonly Socket[]) => unknown): Promise<readonly Parting[]> {
    const readers = await WatchedReaders.begin(`http://127.0.0.1:${port}/`, {});
    return readers.through(
      () => event(served),
      watchMs,
      () => undefined,
    );
  }

  const endsOf = (partings: readonly Parting[]) => Object.fromEntries(partings.map(({ pace, end }) => [pace, end]));

  it('are reset where their server resets them, and know when', async () => {
    const partings = await watch((all) => all.forEach((socket) => socket.resetAndDestroy()));
    expect(endsOf(partings)).toEqual({ slow: 'reset', stopped: 'reset', fast: 'reset' });
    expect(partings.map(({ ms }) => Number.isFinite(ms))).toEqual([true, true, true]);
  });

  it('are reset though from their ports other connections stand that lead elsewhere', async () => {
    const elsewhere = createServer((socket) => others.push(socket));
    const there = await listen(elsewhere);
    const partings = await watch(async (all) => {
      for (const { remotePort: localPort = 0 } of all) {
        const other = connect({ port: there, host: '127.0.0.1', localAddress: '127.0.0.2', localPort });
        others.push(other);
        await new Promise((resolve) => other.once('connect', resolve));
      }
      all.forEach((socket) => socket.resetAndDestroy());
    });
    elsewhere.close();
    expect(endsOf(partings)).toEqual({ slow: 'reset', stopped: 'reset', fast: 'reset' });
  });

  it('are open while nobody cuts them', async () => {
    const partings = await watch(() => undefined);
    expect(partings.map(({ end, ms }) => ({ end, ms }))).toEqual(Array(3).fill({ end: 'open', ms: Infinity }));
  });

  it('are not reset where their server closes in order: what lies in its kernel still goes out', async () => {
    const partings = await watch((all) => all.forEach((socket) => socket.destroy()));
    expect(endsOf(partings)).toEqual({ slow: 'open', stopped: 'open', fast: 'closed' });
  });
});
