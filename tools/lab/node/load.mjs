// Requests through the Service of the gateway while something changes: pages, a session, a room and its files, so that every
// service has a part in each round. A request failed when it was not answered, or answered otherwise than before.
import { Agent, request } from 'node:http';
import { randomUUID } from 'node:crypto';

/** One request; answers status, headers and text. */
function call(agent, address, { method = 'GET', path, body, cookie }) {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      host: 'localhost:8080',
      origin: 'http://localhost:8080',
      'x-conclave': '1',
      ...(cookie && { cookie }),
      ...(text && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
    };
    const asked = request({ agent, host: address, port: 8080, method, path, headers, timeout: 15_000 }, (answer) => {
      let said = '';
      answer.setEncoding('utf8').on('data', (chunk) => (said += chunk));
      answer.once('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text: said }));
      answer.once('error', reject);
    });
    asked.once('timeout', () => asked.destroy(new Error('no answer within 15 s')));
    asked.once('error', reject);
    asked.end(text);
  });
}

/** A person with a room, as the app would make them. */
async function someone(address) {
  const agent = new Agent();
  const account = await call(agent, address, {
    method: 'POST',
    path: '/api/v1/account',
    body: { email: `${randomUUID()}@example.test`, password: `correct horse ${randomUUID()}`, displayName: 'Load' },
  });
  if (account.status !== 201) throw new Error(`sign-up answered ${account.status}: ${account.text.slice(0, 200)}`);
  const cookie = account.headers['set-cookie'].find((line) => line.startsWith('__Host-sid=')).split(';')[0];
  const room = await call(agent, address, { method: 'POST', path: '/api/v1/rooms', body: { name: 'Load' }, cookie });
  if (room.status !== 201) throw new Error(`a room answered ${room.status}: ${room.text.slice(0, 200)}`);
  return { cookie, slug: JSON.parse(room.text).slug };
}

/**
 * Sends requests until `stop`, which answers how many there were and what failed. Some walkers keep their connections as
 * browsers do, some make a new one each time.
 */
export async function startLoad(address, { walkers = 4, pauseMs = 20 } = {}) {
  const { cookie, slug } = await someone(address);
  const paths = ['/', '/api/v1/me', `/api/v1/rooms/${slug}`, '/api/v1/rooms', `/api/v1/rooms/${slug}/messages`];
  const expected = {};
  for (const path of paths) expected[path] = (await call(new Agent(), address, { path, cookie })).status;
  let ended = false;
  let count = 0;
  const failures = [];
  const times = [];
  const walk = async (index) => {
    const agent = new Agent({ keepAlive: index % 2 === 0, maxSockets: 1 });
    for (let i = index; !ended; i++) {
      const path = paths[i % paths.length];
      const began = performance.now();
      try {
        const { status, text } = await call(agent, address, { path, cookie });
        if (status !== expected[path]) failures.push(`${path} answered ${status}: ${text.slice(0, 160)}`);
      } catch (error) {
        failures.push(`${path}: ${error.code ?? ''} ${error.message} (${index % 2 === 0 ? 'kept' : 'new'} connection)`);
      }
      times.push(performance.now() - began);
      count++;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    agent.destroy();
  };
  const all = Promise.all(Array.from({ length: walkers }, (_, index) => walk(index)));
  return {
    expected,
    stop: async () => {
      ended = true;
      await all;
      const sorted = times.sort((a, b) => a - b);
      return { count, failures, p99: sorted[Math.floor(sorted.length * 0.99)], longest: sorted.at(-1) };
    },
  };
}
