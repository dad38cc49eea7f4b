import { broadcasts } from '@conclave/contracts';
import { Bus, observeBus } from '@conclave/messaging';
import { createLogger, Metrics } from '@conclave/platform';
import { testNats, type TestNats } from '@conclave/testing';
import { Writable } from 'node:stream';

let nats: TestNats;
let rooms: Bus;
let gateway: Bus;

beforeAll(async () => {
  nats = await testNats();
  rooms = await Bus.connect({ url: nats.url, seed: nats.seeds.rooms, service: 'rooms' });
  gateway = await Bus.connect({ url: nats.url, seed: nats.seeds.gateway, service: 'gateway' });
});

afterAll(async () => {
  await Promise.all([rooms.close(), gateway.close()]);
  await nats.stop();
});

const roomId = '01939000-0000-7000-8000-000000000001';

/** A gateway's metrics and log lines, as its process would keep them. */
function watched() {
  const metrics = new Metrics('gateway');
  const lines: Record<string, unknown>[] = [];
  const destination = new Writable({
    write: (chunk: Buffer, _encoding, done) => (lines.push(JSON.parse(chunk.toString()) as never), done()),
  });
  observeBus(gateway, metrics, createLogger('gateway', { level: 'info', destination }));
  return { metrics, lines };
}

describe('a question whom a broadcast reaches', () => {
  const subject = broadcasts.live(roomId);
  const connect = () => Bus.connect({ url: nats.url, seed: nats.seeds.gateway, service: 'gateway', echo: false });

  it('is answered by the bus: nobody, not oneself, another process, nobody again', async () => {
    const [asking, other] = await Promise.all([connect(), connect()]);
    try {
      const heard: string[] = [];
      const ask = (word: string) => asking.reaches(subject, new TextEncoder().encode(word));
      asking.subscribe(subject, () => void heard.push('echo'));
      expect(await ask('one')).toBe(false);
      const subscription = other.subscribe(subject, (data) => void heard.push(new TextDecoder().decode(data)));
      await other.ping();
      expect(await Promise.all([ask('two'), ask('three')])).toEqual([true, true]);
      await other.ping();
      expect(heard).toEqual(['two', 'three']);
      subscription.unsubscribe();
      await other.ping();
      expect(await Promise.all([ask('four'), ask('five')])).toEqual([false, false]);
    } finally {
      await Promise.all([asking.close(), other.close()]);
    }
  });
});

describe('a broadcast whose handler fails', () => {
  it.each([
    [
      'at once',
      () => {
        throw new RangeError('no such number');
      },
    ],
    ['later', () => Promise.reject(new RangeError('no such number'))],
  ] as const)('%s is logged and counted, and the next one is handled', async (_name, fail) => {
    const { metrics, lines } = watched();
    const failed = new Promise((resolve) => gateway.onBroadcastFailure(resolve));
    const heard: string[] = [];
    const next = new Promise<void>((resolve) => {
      const subscription = gateway.subscribe(broadcasts.room(roomId), (data) => {
        const text = new TextDecoder().decode(data);
        if (text === 'bad') return fail();
        heard.push(text);
        subscription.unsubscribe();
        resolve();
      });
    });
    await gateway.ping();
    for (const text of ['bad', 'good']) rooms.publish(broadcasts.room(roomId), new TextEncoder().encode(text));
    await Promise.all([failed, next]);
    expect(heard).toEqual(['good']);
    expect(await metrics.text()).toContain('nats_broadcast_failures_total{subject="conclave.room.*.*"} 1');
    expect(lines).toMatchObject([{ level: 'error', message: 'broadcast not handled', error: { name: 'RangeError' } }]);
  });
});
