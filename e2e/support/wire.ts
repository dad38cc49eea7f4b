import { connect } from 'node:net';
import { baseUrl, type Caller } from './api.js';

/** Everything the server wrote, until it closed or was silent for a while. */
const silenceMs = 3_000;

/** A request written by hand, byte for byte: what a client library would never send. */
export function rawRequest(
  caller: Caller,
  method: string,
  path: string,
  headers: Record<string, string | number>,
  body: Uint8Array = new Uint8Array(),
  then: 'wait' | 'half-close' | 'reset' = 'wait',
): Promise<string> {
  const { hostname, port, host } = new URL(baseUrl());
  const head = [
    `${method} ${path} HTTP/1.1`,
    `host: ${host}`,
    `origin: ${baseUrl()}`,
    'x-conclave: 1',
    `cookie: ${caller.cookie}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.setTimeout(silenceMs, () => socket.destroy());
    socket.on('data', (data) => (answer += data.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    socket.write(body, () => {
      if (then === 'half-close') socket.end();
      if (then === 'reset') socket.resetAndDestroy();
    });
  });
}

/** Status codes of the answers in what came back. */
export const statuses = (answer: string): number[] =>
  [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
