import { setTimeout as sleep } from 'node:timers/promises';
import { ManagedProcess, SharedPort, freePort } from '../src/index.js';

// Answers with its process id; asked to end it stops listening, lets what it has taken end, and goes.
const program = `
const server = require('node:http').createServer((_, response) => setTimeout(() => response.end(String(process.pid)), 5));
server.listen({ fd: 3 });
process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;

describe('a port that processes share', () => {
  let port: number;
  let shared: SharedPort;
  const children: ManagedProcess[] = [];
  const start = (): ManagedProcess => {
    const child = new ManagedProcess({
      name: 'it',
      command: process.execPath,
      args: ['-e', program],
      inherit: [shared.fd],
      group: 'service',
    });
    children.push(child);
    return child;
  };
  const ask = async (): Promise<number> => {
    const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } });
    return Number(await response.text());
  };
  beforeEach(async () => {
    port = await freePort();
    shared = new SharedPort('127.0.0.1', port);
  });
  afterEach(async () => {
    await Promise.all(children.splice(0).map((child) => child.kill()));
    shared.close();
  });

  it('cannot be one that somebody else listens on', async () => {
    await start().ready(() => ask().then(() => true));
    expect(() => new SharedPort('127.0.0.1', port)).toThrow(`port ${port} on 127.0.0.1: EADDRINUSE`);
  });

  it('loses no connection while its processes end and begin one after another', async () => {
    await start().ready(() => ask().then(() => true));
    const seen = new Set<number>();
    let running = true;
    const clients = Array.from({ length: 6 }, async () => {
      while (running) seen.add(await ask());
    });
    for (let round = 0; round < 3; round++) {
      const { pid } = start();
      while (!seen.has(pid)) await sleep(20);
      await children[round]?.stop();
    }
    running = false;
    await Promise.all(clients);
    expect(seen.size).toBeGreaterThan(2);
  });

  it('keeps connections waiting while nobody is there', async () => {
    const first = start();
    await first.ready(() => ask().then(() => true));
    await first.kill();
    const answer = ask();
    await sleep(200);
    const second = start();
    expect(await answer).toBe(second.pid);
  });
});
