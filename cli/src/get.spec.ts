import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asFailure } from './failure.ts';
import { get } from './get.ts';
import { Progress } from './progress.ts';
import type { RoomFile } from './room-files.ts';
import { Server } from './server.ts';
import { verified } from './verify.ts';

const bytes = randomBytes(10_000);
const hash = createHash('sha256').update(bytes).digest('hex');
const file: RoomFile = {
  id: 'f1',
  name: 'plan.pdf',
  size: bytes.length,
  sha256: null,
  status: 'available',
  owner: { displayName: 'Aylin' },
  createdAt: '2026-01-01T00:00:00Z',
};

describe('fetching a file', () => {
  let folder: string;
  let asked: string[];
  /** What the server says of `METHOD /path`; the file itself where nothing is said. */
  let answers: Record<string, (response: ServerResponse) => void>;
  let server: Server;
  let closing: () => Promise<void>;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'conclave-get-'));
    [asked, answers] = [[], {}];
    const listening = createServer((request: IncomingMessage, response: ServerResponse) => {
      const what = `${request.method} ${request.url?.replace('/api/v1/rooms/room', '')}`;
      asked.push(what);
      response.setHeader('content-length', bytes.length);
      const said = answers[what];
      if (said) said(response);
      else response.end(request.method === 'HEAD' ? undefined : bytes);
    });
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    const { port } = listening.address() as AddressInfo;
    const at = new URL(`http://127.0.0.1:${port}/`);
    server = new Server({ server: at, room: 'room', token: 'cnv_x', session: '' });
    closing = () => new Promise((resolve) => listening.close(() => resolve()));
  });
  afterEach(async () => {
    await closing();
    await rm(folder, { recursive: true });
  });

  const json = (status: number, body: object) => (response: ServerResponse) => {
    response.removeHeader('content-length');
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const to = () => join(folder, 'here.pdf');
  const digest = 'GET /files/f1/digest';
  const check = (longestMs: number) =>
    verified(server, file, to(), new Progress('plan.pdf', file.size, true), { everyMs: 1, longestMs });

  it('asks again for a hash that is not ready, and compares it', async () => {
    await writeFile(to(), bytes);
    let times = 0;
    answers[digest] = (response) => json(200, { sha256: ++times < 3 ? '' : hash })(response);
    await check(60_000);
    expect(times).toBe(3);
    answers[digest] = json(200, { sha256: '0'.repeat(64) });
    await expect(check(60_000)).rejects.toThrow('does not have the hash');
    expect(await readdir(folder)).toEqual([]);
  });

  it('says so where the hash is not there in time, and keeps what came for the next run', async () => {
    await writeFile(to(), bytes);
    answers[digest] = json(200, { sha256: '' });
    const failure = asFailure(await check(0).catch((error: unknown) => error));
    expect([failure.code, failure.message]).toEqual([1, expect.stringContaining('has not made its hash in time')]);
    expect(await readdir(folder)).toEqual(['here.pdf']);
  });

  it('takes a server that knows no hashes by its word', async () => {
    answers[digest] = json(404, { reason: 'NOT_FOUND' });
    await get(server, file, { to: to(), quiet: true });
    expect(await readFile(to())).toEqual(bytes);
  });

  it('replaces nothing unasked, and puts it into a folder under its own name', async () => {
    await writeFile(to(), 'mine');
    const options = { to: to(), verify: false, quiet: true };
    await expect(get(server, file, options)).rejects.toMatchObject({
      code: 6,
      message: expect.stringContaining('--force'),
    });
    expect(asked).toEqual([]);
    await get(server, file, { ...options, force: true });
    expect(await readFile(to())).toEqual(bytes);
    expect(await get(server, file, { ...options, to: folder })).toBe(join(folder, 'plan.pdf'));
  });

  it('ends with the words of whoever is no longer in the meeting, though a HEAD has none', async () => {
    answers['HEAD /files/f1/content'] = (response) => response.writeHead(403).end();
    answers['GET /files/f1'] = json(403, { reason: 'NOT_PRESENT' });
    const failure = asFailure(await get(server, file, { to: to(), quiet: true }).catch((error: unknown) => error));
    expect([failure.code, failure.message]).toEqual([4, expect.stringContaining('only while you are in its meeting')]);
  });
});

describe('a server that is none', () => {
  it('is said at once: nothing listens, another one answers', async () => {
    const listening = createServer((_request, response) => response.end('<html>'));
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    const at = new URL(`http://127.0.0.1:${(listening.address() as AddressInfo).port}/`);
    const ask = async () => {
      const server = new Server({ server: at, room: 'room', token: 'cnv_x', session: '' });
      return asFailure(await server.call('GET', '/files').catch((error: unknown) => error));
    };
    expect(await ask()).toMatchObject({ code: 1, message: expect.stringContaining('does not speak as Conclave') });
    await new Promise((resolve) => listening.close(resolve));
    expect(await ask()).toMatchObject({ code: 5, message: expect.stringContaining('Nothing answers at') });
  });
});
