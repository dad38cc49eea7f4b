import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { nkeys } from '@nats-io/transport-node';
import { testNats, type TestNats } from '@conclave/testing';
import { Bus } from '@conclave/messaging';

let nats: TestNats;
let door: Server;

beforeAll(async () => {
  nats = await testNats();
});

afterAll(() => {
  door.close();
});

describe('a bus that is not there yet', () => {
  it('is waited for, and what it refuses is not', async () => {
    const { hostname, port } = new URL(nats.url);
    door = createServer((from) => {
      const to = connect(Number(port), hostname);
      from.pipe(to).pipe(from);
      for (const socket of [from, to]) socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
    const late = (door.address() as AddressInfo).port;
    await new Promise<void>((resolve) => door.close(() => resolve()));

    const url = `nats://127.0.0.1:${late}`;
    const waiting = Bus.connect({ url, seed: nats.seeds.auth, service: 'auth' });
    await sleep(1_500);
    await new Promise<void>((resolve) => door.listen(late, '127.0.0.1', resolve));
    const bus = await waiting;
    await bus.ping();
    await bus.close();

    const stranger = new TextDecoder().decode(nkeys.createUser().getSeed());
    // Waiting for it, as for a bus that is not there yet, would outlast this spec.
    await expect(Bus.connect({ url: nats.url, seed: stranger, service: 'auth' })).rejects.toThrow(/authorization/i);
  });
});
