/**
 * R1: what a second replica of every service brings and costs: joins per second where there are cores for it, processor time per
 * call everywhere, and the latency of one call at a time. The peer is the same product with one of each. What each service process
 * takes to start and holds when idle is printed and kept with the facts.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const services = ['auth', 'rooms', 'files', 'gateway'];
/** Four processes of ours at full speed, twice, and the servers they stand on. */
const coresForTwo = 8;
/** As many at once for each process on both sides: a process that is asked more at once works in larger batches, and cheaper. */
const peoplePerReplica = 8;
const callsPerReplica = 200;
/** Joins and calls of a process before anything is measured: by then its code is compiled. Fewer, and a second replica pays twice for that. */
const warmCalls = 2000;

/** Processor seconds that these processes have used. */
const ticksPerSecond = 100;
function processorSeconds(pids) {
  let ticks = 0;
  for (const pid of pids) {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
      .map(Number);
    ticks += user + system;
  }
  return ticks / ticksPerSecond;
}

const residentMiB = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

/** A product with people who have signed up and made a room. */
async function stage(testProduct, replicas) {
  const people = peoplePerReplica * replicas;
  const environment = { gateway: { RATE_LIMIT_SCALE: '100000' } };
  const product = await testProduct({ replicas, mediaNodes: 1, logLevel: 'warn', environment });
  const headers = { origin: product.url, 'x-conclave': '1', 'content-type': 'application/json' };
  const ask = async (method, path, cookie, body) => {
    const answer = await fetch(`${product.url}/api/v1${path}`, {
      method,
      headers: { ...headers, ...(cookie && { cookie }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    return { answer, body: text && JSON.parse(text) };
  };
  const cookies = [];
  for (let i = 0; i < people; i++) {
    const account = { email: `${randomUUID()}@example.test`, password: randomUUID(), displayName: 'Aylin Kaya' };
    const { answer } = await ask('POST', '/account', '', account);
    cookies.push(
      answer.headers
        .getSetCookie()
        .find((line) => line.startsWith('__Host-sid='))
        .split(';')[0],
    );
  }
  // A meeting each, as on a busy morning.
  const rooms = new Map();
  for (const cookie of cookies) rooms.set(cookie, (await ask('POST', '/rooms', cookie, { name: 'Benchmark' })).body);
  const pids = () => services.flatMap((name) => product.product.replicas(name).map(({ pid }) => pid));

  /** Everybody at once, each one call after another; answers calls per second and processor milliseconds per call. */
  const round = async (call, calls = callsPerReplica * replicas) => {
    const before = processorSeconds(pids());
    const since = performance.now();
    let left = calls;
    await Promise.all(
      cookies.map(async (cookie) => {
        while (left-- > 0) await call(cookie);
      }),
    );
    const seconds = (performance.now() - since) / 1000;
    return { rate: calls / seconds, cost: ((processorSeconds(pids()) - before) * 1000) / calls };
  };
  const join = (calls) => round((cookie) => ask('POST', `/rooms/${rooms.get(cookie).slug}/entry`, cookie, {}), calls);
  const look = (calls) => round((cookie) => ask('GET', `/rooms/${rooms.get(cookie).slug}`, cookie), calls);
  return {
    product,
    join,
    look,
    warm: async () => {
      await join(warmCalls * replicas);
      await look(warmCalls * replicas);
    },
    latency: async () => {
      const took = [];
      for (let i = 0; i < 60; i++) {
        const since = performance.now();
        const cookie = cookies[i % people];
        await ask('GET', `/rooms/${rooms.get(cookie).slug}`, cookie);
        took.push(performance.now() - since);
      }
      return took.sort((a, b) => a - b)[took.length / 2];
    },
  };
}

/** Seconds from the start of each service process to ready, and what it holds a little later; medians of its replicas. */
async function footprints({ product }) {
  const facts = {};
  for (const name of services) {
    const [one] = product.product.replicas(name);
    await sleep(500);
    const idle = residentMiB(one.pid);
    const before = one.restarts;
    process.kill(one.pid, 'SIGKILL');
    while (one.restarts === before) await sleep(5);
    const since = performance.now();
    while (one.state !== 'running') await sleep(5);
    facts[name] = { startSeconds: (performance.now() - since) / 1000, idleMiB: idle };
    console.log(
      `  ${name.padEnd(8)} ready after ${facts[name].startSeconds.toFixed(1)} s, idle ${idle.toFixed(0)} MiB`,
    );
  }
  return facts;
}

async function prepare() {
  const { testProduct } = await import('@conclave/testing');
  const [two, one] = [await stage(testProduct, 2), await stage(testProduct, 1)];
  const processes = await footprints(two);
  await two.warm();
  await one.warm();
  const cores = availableParallelism();
  const sides = (figure) => ({
    ours: { label: 'two replicas of every service', round: () => figure(two) },
    peer: { label: 'one of every service', round: () => figure(one) },
  });
  const cost = (what) => async (side) => (await side[what]()).cost;
  const ratios = [
    {
      name: 'processor time of our services per join (admission and media token)',
      unit: 'ms',
      ...sides(cost('join')),
      goal: { atMost: 1.05 },
    },
    {
      name: 'processor time of our services per call (a room is read)',
      unit: 'ms',
      ...sides(cost('look')),
      goal: { atMost: 1.05 },
    },
    {
      name: 'latency of one call at a time, median of 60',
      unit: 'ms',
      ...sides((side) => side.latency()),
      goal: { atMost: 1.05 },
    },
  ];
  if (cores >= coresForTwo)
    ratios.unshift({
      name: 'joins per second',
      unit: 'joins/s',
      ...sides(async (side) => (await side.join()).rate),
      goal: { atLeast: 1.8 },
    });
  return {
    facts: { cores, peoplePerReplica, callsPerReplica, warmCalls, processes },
    ratios,
    close: async () => {
      await two.product.stop();
      await one.product.stop();
    },
  };
}

export default { id: 'R1', title: 'a second replica', prepare };
