import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import {
  auth,
  broadcasts,
  common,
  create,
  files,
  rooms,
  timestampFromDate,
  toBinary,
  type MessageInitShape,
} from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { createLogger } from '@conclave/platform';
import { freePort, testNats } from '@conclave/testing';
import WebSocket, { WebSocketServer } from 'ws';
import { bootGateway, type BootOptions, type RunningGateway } from '../../src/boot.js';
import { configSchema, type Config } from '../../src/config.js';
import type { Route } from '../../src/http/route.js';
import { BusServices } from './bus-services.js';
import { welcome } from './signal.js';

/** An invented person with a session and a personal token. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly sessionId: string;
  /** Of the personal token. */
  readonly credentialId: string;
  readonly cookie: string;
  readonly personalToken: string;
  readonly principal: string;
}

/** An answer of the gateway. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  // Bodies of the API differ by route; specs say what they expect of them.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly json: any;
}

/** What a request may carry. */
export interface Ask {
  readonly as?: Person;
  readonly bearer?: string;
  readonly headers?: Record<string, string | undefined>;
  readonly body?: unknown;
  readonly raw?: string | Buffer;
}

/** A whole gateway with a real bus, a data plane and a media server that speak real HTTP and WebSocket. */
export interface World {
  readonly gateway: RunningGateway;
  readonly services: BusServices;
  readonly origin: string;
  readonly config: Config;
  /** The data plane of files; a spec says how it answers. */
  readonly plane: { handle: (request: IncomingMessage, response: ServerResponse) => void; readonly server: Server };
  readonly media: {
    readonly seen: IncomingMessage[];
    readonly sockets: WebSocket[];
    status: number;
    /** What it says first. */
    greeting: Buffer;
    readonly server: Server;
  };
  readonly logLines: string[];
  person(name?: string): Person;
  signOut(person: Person): void;
  /** A request as our own page makes it, unless headers say otherwise (undefined removes one). */
  ask(method: string, path: string, options?: Ask): Promise<Answer>;
  socket(path: string, options?: { as?: Person; headers?: Record<string, string>; origin?: string }): WebSocket;
  presenceRevoked(what: { roomId: string; joinIds?: string[]; userIds?: string[]; reason?: common.StayEnd }): void;
  sessionRevoked(what: { userId: string; sessionIds?: string[] }): void;
  accountChanged(userId: string): void;
  close(): Promise<void>;
}

const index =
  '<!doctype html><html><head><base href="/"><title>Conclave</title></head><body>' +
  '<cv-root ngCspNonce="__CSP_NONCE__"></cv-root><script src="main-ABCD1234.js" type="module"></script></body></html>';

export async function openWorld(
  changes: Record<string, string> = {},
  moreRoutes: readonly Route[] = [],
  options: Pick<BootOptions, 'pace' | 'headersMs'> = {},
): Promise<World> {
  const nats = await testNats();
  const services = await BusServices.join(nats);
  const plane: World['plane'] = {
    handle: (_request, response) => response.writeHead(500).end(),
    server: createServer((request, response) => plane.handle(request, response)),
  };
  const media = mediaServer();
  const webRoot = mkdtempSync(join(tmpdir(), 'gateway-web-'));
  mkdirSync(join(webRoot, 'media'));
  writeFileSync(join(webRoot, 'index.html'), index);
  writeFileSync(join(webRoot, 'main-ABCD1234.js'), `// app\n${'console;\n'.repeat(400)}`);
  writeFileSync(join(webRoot, 'mark.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  const [planePort, mediaPort, port] = await Promise.all([listen(plane.server), listen(media.server), freePort()]);

  const origin = `http://localhost:${port}`;
  const config = configSchema.parse({
    INTERNAL_HOST: '127.0.0.1',
    INTERNAL_PORT: '0',
    LOG_LEVEL: 'debug',
    NATS_URL: nats.url,
    NATS_NKEY_SEED: nats.seeds.gateway,
    PUBLIC_URL: origin,
    HOST: '127.0.0.1',
    PORT: String(port),
    FILES_URL: `http://127.0.0.1:${planePort}`,
    LIVEKIT_URL: `http://127.0.0.1:${mediaPort}`,
    WEB_ROOT: webRoot,
    RATE_LIMIT_SCALE: '1000',
    ...changes,
  });
  const people = new Map<string, Person>();
  answerSessions(services, people);
  await services.settled();

  const logLines: string[] = [];
  const destination = new Writable({
    write: (chunk: Buffer, _encoding, done) => (logLines.push(chunk.toString()), done()),
  });
  const logger = createLogger('gateway', { level: 'debug', destination });
  const gateway = await bootGateway({ config, logger, moreRoutes, ...options });
  const sockets: WebSocket[] = [];
  return {
    gateway,
    services,
    origin,
    config,
    plane,
    media,
    logLines,
    person(name = 'Marta Berg') {
      const person: Person = {
        id: randomUUID(),
        name,
        email: `${randomUUID()}@example.test`,
        sessionId: randomUUID(),
        credentialId: randomUUID(),
        cookie: `cnv_ses_${randomBytes(32).toString('base64url')}`,
        personalToken: `cnv_${randomBytes(32).toString('base64url')}`,
        principal: `principal-${randomUUID()}`,
      };
      people.set(person.cookie, person).set(person.personalToken, person);
      return person;
    },
    signOut(person) {
      people.delete(person.cookie);
    },
    ask: (method, path, options) => ask(port, origin, method, path, options),
    socket(path, { as, headers = {}, origin: from = origin } = {}) {
      const cookie = as ? { cookie: `__Host-sid=${as.cookie}` } : {};
      const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, {
        headers: { origin: from, ...cookie, ...headers },
      });
      socket.on('error', () => undefined);
      sockets.push(socket);
      return socket;
    },
    presenceRevoked({ roomId, joinIds = [], userIds = [], reason = 0 }) {
      const bytes = toBinary(
        common.PresenceRevokedSchema,
        create(common.PresenceRevokedSchema, { roomId, joinIds, userIds, reason }),
      );
      services.publish('rooms', broadcasts.presenceRevoked, bytes);
    },
    sessionRevoked({ userId, sessionIds = [] }) {
      const bytes = toBinary(common.SessionRevokedSchema, create(common.SessionRevokedSchema, { userId, sessionIds }));
      services.publish('auth', broadcasts.credentialRevoked, bytes);
    },
    accountChanged(userId) {
      const bytes = toBinary(common.AccountChangedSchema, create(common.AccountChangedSchema, { userId }));
      services.publish('auth', broadcasts.accountChanged, bytes);
    },
    async close() {
      for (const socket of sockets) socket.terminate();
      await gateway.close();
      await services.leave();
      for (const socket of media.sockets) socket.terminate();
      for (const server of [plane.server, media.server]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
      rmSync(webRoot, { recursive: true });
      await nats.stop();
    },
  };
}

/** Sessions as auth resolves them. */
function answerSessions(services: BusServices, people: Map<string, Person>): void {
  const found = (token: string): Person => {
    const person = people.get(token);
    if (!person) throw new DomainError('UNAUTHENTICATED');
    return person;
  };
  services.on(auth.SessionsService.method.resolveSession, ({ sessionToken }) => {
    const { id, sessionId, principal } = found(sessionToken);
    return { principalToken: principal, userId: id, sessionId };
  });
  services.on(auth.SessionsService.method.resolvePersonalToken, ({ personalToken }) => {
    const { id, principal, credentialId } = found(personalToken.startsWith('cnv_ses_') ? '' : personalToken);
    return { principalToken: principal, userId: id, credentialId };
  });
}

function mediaServer(): World['media'] {
  const seen: IncomingMessage[] = [];
  const sockets: WebSocket[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    response.writeHead(media.status, { 'content-type': 'text/plain' }).end('success');
  });
  const media = { seen, sockets, status: 200, greeting: welcome, server };
  const webSockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    seen.push(request);
    if (media.status !== 200) return void socket.end(`HTTP/1.1 ${media.status} No\r\nConnection: close\r\n\r\n`);
    webSockets.handleUpgrade(request, socket, head, (opened) => {
      sockets.push(opened);
      opened.send(media.greeting);
      opened.on('message', (data, binary) => opened.send(data, { binary }));
    });
  });
  return media;
}

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));

/** Undici and fetch rewrite what they are given; attacks need what they say to be sent. */
function ask(port: number, origin: string, method: string, path: string, options: Ask = {}): Promise<Answer> {
  const { as, bearer, body, raw } = options;
  const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const headers: Record<string, string | undefined> = {
    ...(bearer === undefined ? { origin, 'x-conclave': '1' } : { authorization: `Bearer ${bearer}` }),
    ...(as && { cookie: `__Host-sid=${as.cookie}` }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(payload !== undefined && { 'content-length': String(Buffer.byteLength(payload)) }),
    ...options.headers,
  };
  const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, method, path, headers: given, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: parsed(text) });
      });
    });
    request.on('error', reject);
    request.end(payload);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** How a WebSocket ended: its close code, or the status of a refused handshake. */
export const ended = (socket: WebSocket): Promise<{ code: number; reason: string } | { status: number }> =>
  new Promise((resolve) => {
    socket.on('unexpected-response', (_request, response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0 });
    });
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });

/** The next `count` text frames. */
export const frames = (socket: WebSocket, count: number): Promise<string[]> =>
  new Promise((resolve, reject) => {
    const got: string[] = [];
    const take = (data: WebSocket.RawData): void => {
      got.push(data.toString());
      if (got.length < count) return;
      socket.off('message', take);
      resolve(got);
    };
    socket.on('message', take);
    socket.on('close', (code) => reject(new Error(`closed with ${code} after ${got.length} frames`)));
  });

/** Now, as the bus writes it. */
export const now = () => timestampFromDate(new Date('2026-11-23T02:00:00.000Z'));

/** A room as rooms answers it. */
export function wireRoom(owner: Person): rooms.Room {
  return create(rooms.RoomSchema, {
    id: '01939000-0000-7000-8000-000000000001',
    slug: 'lusab-babad-gutih-tugad',
    name: 'Board',
    accessLevel: rooms.AccessLevel.INVITED,
    settings: { askPersonalToken: true },
    role: rooms.RoomRole.OWNER,
    owner: { id: owner.id, displayName: owner.name },
    createdAt: now(),
    memberCount: 1,
  });
}

/** A file as the data plane answers it once it is whole. */
export const storedFile = (owner: Person, facts: MessageInitShape<typeof files.FileSchema> = {}): Uint8Array =>
  toBinary(
    files.FileSchema,
    create(files.FileSchema, {
      id: '01939000-0000-7000-8000-0000000000f1',
      name: 'a',
      type: 'application/octet-stream',
      sha256: 'ab'.repeat(32),
      status: files.FileStatus.AVAILABLE,
      ownerId: owner.id,
      ownerName: owner.name,
      createdAt: now(),
      ...facts,
    }),
  );
