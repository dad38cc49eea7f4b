/**
 * C9: frames of the live socket. The peer is a bare `ws` loop in a process of its own: it passes each message on to everybody else
 * in the room and does nothing more, where ours signs it, asks for permission, size and rate, and knows that no other gateway
 * has the room. Eight meetings of ten people who each send thirty frames a second, as pointers do; processor time is the server
 * process's own. One meeting alone gives the latency, which has a bound and no peer; the bare loop's is kept with the facts.
 */
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import WebSocket from 'ws';

const people = 10;
const meetings = 8;
const perSecond = 30;
const seconds = 3;
const bodyBytes = 28;
const boundMs = 5;

/** Nanoseconds on a processor, of every thread of a process. */
function processorTime(pid) {
  let time = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`))
    time += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  return time;
}

const middle = (figures) => [...figures].sort((a, b) => a - b)[figures.length >> 1];

/** Opens sockets at addresses; a frame of its own kind says that the server listens. */
async function openAll(addresses, headers) {
  return Promise.all(
    addresses.map(async ({ url, cookie }) => {
      const socket = new WebSocket(url, {
        headers: { ...headers, ...(cookie && { cookie }) },
        perMessageDeflate: false,
      });
      await once(socket, 'open');
      const heard = once(socket, 'message');
      socket.send(Uint8Array.of(0, 1));
      await heard;
      return socket;
    }),
  );
}

/** Everybody sends for a while; what was delivered, what it took the server, and how long frames were on their way. */
async function traffic(sockets, pid) {
  const took = [];
  let delivered = 0;
  for (const socket of sockets) {
    socket.removeAllListeners('message');
    socket.on('message', (data) => {
      if (data.length < 6 + bodyBytes) return; // a farewell of the round before
      delivered++;
      took.push(performance.now() - data.readDoubleBE(6));
    });
  }
  const frame = Buffer.alloc(2 + bodyBytes);
  frame.writeUInt16BE((4 << 8) | 1);
  const since = performance.now();
  const before = processorTime(pid);
  // One after another, evenly over the thirtieth of a second.
  const total = sockets.length * perSecond * seconds;
  for (let sent = 0; sent < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - since) / 1000) * sockets.length * perSecond));
    for (; sent < due; sent++) {
      frame.writeDoubleBE(performance.now(), 2);
      sockets[sent % sockets.length].send(Uint8Array.from(frame));
    }
    await sleep(1);
  }
  const expected = total * (people - 1);
  for (const end = performance.now() + 5_000; delivered < expected && performance.now() < end;) await sleep(10);
  const cost = processorTime(pid) - before;
  if (delivered !== expected) throw new Error(`${delivered} of ${expected} frames were delivered`);
  took.sort((a, b) => a - b);
  return { perProcessorSecond: delivered / (cost / 1e9), p50: middle(took), p95: took[Math.floor(took.length * 0.95)] };
}

/** The product, with ten people in every meeting. A round enters anew: who is admitted and never connects is put out after a while. */
async function product() {
  const { testProduct } = await import('@conclave/testing');
  const running = await testProduct({
    mediaNodes: 1,
    logLevel: 'warn',
    environment: { gateway: { RATE_LIMIT_SCALE: '100000' } },
  });
  const headers = { origin: running.url, 'x-conclave': '1', 'content-type': 'application/json' };
  const ask = async (path, cookie, body) => {
    const answer = await fetch(`${running.url}/api/v1${path}`, {
      method: 'POST',
      headers: { ...headers, ...(cookie && { cookie }) },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`);
    return { answer, body: JSON.parse(text) };
  };
  const cookies = [];
  for (let i = 0; i < people; i++) {
    const account = { email: `${randomUUID()}@example.test`, password: randomUUID(), displayName: 'Aylin Kaya' };
    const { answer } = await ask('/account', '', account);
    cookies.push(
      answer.headers
        .getSetCookie()
        .find((line) => line.startsWith('__Host-sid='))
        .split(';')[0],
    );
  }
  const slugs = [];
  for (let i = 0; i < meetings; i++)
    slugs.push((await ask('/rooms', cookies[0], { name: 'Benchmark', accessLevel: 'organisation' })).body.slug);
  const [{ pid }] = running.product.replicas('gateway');
  const base = running.url.replace(/^http/, 'ws');
  return {
    pid,
    addresses: async (rooms) => {
      const addresses = [];
      for (const slug of slugs.slice(0, rooms))
        for (const cookie of cookies) {
          const { joinId } = (await ask(`/rooms/${slug}/entry`, cookie, {})).body;
          addresses.push({ url: `${base}/api/v1/rooms/${slug}/live?join=${joinId}`, cookie });
        }
      return addresses;
    },
    headers: { origin: running.url },
    stop: () => running.stop(),
  };
}

/** The bare loop. */
async function loop() {
  const child = fork(fileURLToPath(new URL('../live-loop.mjs', import.meta.url)));
  const [port] = await once(child, 'message');
  return {
    pid: child.pid,
    addresses: async (rooms) =>
      Array.from({ length: rooms * people }, (_, i) => ({ url: `ws://127.0.0.1:${port}/${Math.floor(i / people)}` })),
    headers: {},
    stop: async () => child.kill(),
  };
}

async function round(side, rooms) {
  const sockets = await openAll(await side.addresses(rooms), side.headers);
  try {
    return await traffic(sockets, side.pid);
  } finally {
    await Promise.all(
      sockets.map((socket) => {
        const closed = once(socket, 'close');
        socket.close();
        return closed;
      }),
    );
  }
}

async function prepare() {
  const ours = await product();
  const peer = await loop();
  const latencies = { ours: [], peer: [] };
  const p95 = async (name, side) => {
    const { p50, p95: high } = await round(side, 1);
    latencies[name].push({ p50, p95: high });
    return high;
  };
  return {
    facts: { people, meetings, perSecond, seconds, bodyBytes, latencies },
    ratios: [
      {
        name: 'deliveries per second of the server’s processor, ten people in each of eight meetings',
        unit: '1/s',
        ours: { label: 'the live socket', round: async () => (await round(ours, meetings)).perProcessorSecond },
        peer: { label: 'a bare ws loop', round: async () => (await round(peer, meetings)).perProcessorSecond },
        goal: { atLeast: 0.9 },
      },
      {
        name: 'way of a frame in one meeting of ten, 95th percentile',
        unit: 'ms',
        ours: { label: 'the live socket', round: () => p95('ours', ours) },
        peer: {
          label: `the bound; the bare loop's own is in the facts`,
          round: async () => {
            await p95('peer', peer);
            return boundMs;
          },
        },
        goal: { atMost: 1 },
      },
    ],
    close: async () => {
      await ours.stop();
      await peer.stop();
      const said = (name) =>
        `${middle(latencies[name].map(({ p50 }) => p50)).toFixed(2)} and ${middle(latencies[name].map(({ p95: high }) => high)).toFixed(2)} ms`;
      console.log(`  p50 and p95: ${said('ours')}; the bare loop ${said('peer')}`);
    },
  };
}

export default { id: 'C9', title: 'frames of the live socket', prepare };
