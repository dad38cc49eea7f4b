import { methodTable } from '@conclave/contracts';
import { testNats, type TestNats } from '@conclave/testing';
import { connect, type NatsConnection } from '@nats-io/transport-node';

const wakeUp = 'conclave.rooms.outbox';
const forGateway = methodTable.find((row) => row.service === 'rooms' && row.callers.includes('gateway'))?.subject ?? '';

/** What the server says about a connection that did something it may not do. */
async function refusal(connection: NatsConnection, attempt: () => void): Promise<string> {
  const heard = (async () => {
    for await (const status of connection.status()) {
      if (status.type === 'error') return String(status.error.message);
    }
    return 'closed';
  })();
  attempt();
  await connection.flush();
  return heard;
}

describe('the bus', () => {
  let nats: TestNats;
  beforeAll(async () => {
    nats = await testNats();
  });

  it('carries a request of an allowed caller and its answer', async () => {
    const rooms = await nats.connect('rooms');
    rooms.subscribe(forGateway, { queue: 'rooms', callback: (_, message) => void message.respond('yes') });
    await rooms.flush();
    const gateway = await nats.connect('gateway');
    expect((await gateway.request(forGateway, '', { timeout: 2_000 })).string()).toBe('yes');
  });

  it('answers at once when nobody listens', async () => {
    const files = await nats.connect('files');
    const subject = methodTable.find((row) => row.service === 'rooms' && row.callers.includes('files'))?.subject ?? '';
    await expect(files.request(subject, '', { timeout: 5_000 })).rejects.toThrow(/no responders/);
  });

  it('refuses a caller that the contract does not name', async () => {
    const auth = await nats.connect('auth');
    expect(await refusal(auth, () => auth.publish(forGateway, ''))).toMatch(/Permissions Violation for Publish/i);
  });

  it('refuses to let a service answer for another', async () => {
    const files = await nats.connect('files');
    expect(await refusal(files, () => files.subscribe(forGateway, { queue: 'rooms' }))).toMatch(
      /Permissions Violation for Subscription/i,
    );
  });

  it("refuses to listen to another service's answers", async () => {
    const files = await nats.connect('files');
    expect(await refusal(files, () => files.subscribe('_INBOX.gateway.>'))).toMatch(/Permissions Violation/i);
  });

  it('refuses a broadcast by a service that does not own it', async () => {
    const gateway = await nats.connect('gateway');
    expect(await refusal(gateway, () => gateway.publish(wakeUp, ''))).toMatch(/Permissions Violation/i);
  });

  it('refuses a subscription to everything', async () => {
    const gateway = await nats.connect('gateway');
    expect(await refusal(gateway, () => gateway.subscribe('>'))).toMatch(/Permissions Violation/i);
  });

  it('refuses a connection without a key', async () => {
    await expect(connect({ servers: nats.url, reconnect: false })).rejects.toThrow(/authorization violation/i);
  });
});
