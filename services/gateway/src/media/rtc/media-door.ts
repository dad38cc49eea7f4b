import type { IncomingMessage } from 'node:http';
import { rooms } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { InjectClient } from '@conclave/messaging';
import type { ServiceClient } from '@conclave/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { WebSocket, WebSocketServer } from 'ws';
import { configToken, type Config } from '../../config.js';
import { Connections } from '../../connections/connections.js';
import { GatewayMetrics } from '../../gateway-metrics.js';
import { HttpRefusal } from '../../http/problem.js';
import { LiveConnections, type CutReason, type LivePlace } from '../../live/live-connections.js';
import { closeCodes } from '../../live/close-codes.js';
import type { Handshake } from '../../realtime/door/upgrade-door.js';
import { readSessionCookie, type Credential } from '../../session/session-cookie.js';
import { SessionResolver, type Caller } from '../../session/session-resolver.js';
import { closeBoth, joinSockets, mediaLimits } from './media-pipe.js';
import { mediaTokenOf, upstreamQuery } from './media-token.js';

/** The only paths of LiveKit that anybody outside reaches. */
export const mediaPaths = ['/rtc', '/rtc/v1'] as const;

const connectMs = 8_000;
/** How often a session behind open media is looked at; revocations come at once by broadcast, this finds idle ends. */
const sessionSweepMs = 60_000;

const closings: Record<CutReason, readonly [number, string]> = {
  'signed-out': [closeCodes.signedOut, 'signed out'],
  'not-present': [closeCodes.notInRoom, 'not in the room'],
  restarting: [closeCodes.restarting, 'restarting'],
};

/** The door before LiveKit's signalling: a stolen media token is worthless without the session it was made for. */
@Injectable()
export class MediaDoor {
  private readonly upstream: URL;
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: mediaLimits.browserFrameBytes,
    perMessageDeflate: false,
    clientTracking: false,
  });

  constructor(
    @InjectClient(rooms.EntryService) private readonly entry: ServiceClient<typeof rooms.EntryService>,
    private readonly sessions: SessionResolver,
    private readonly live: LiveConnections,
    private readonly connections: Connections,
    private readonly metrics: GatewayMetrics,
    @Inject(configToken) config: Pick<Config, 'LIVEKIT_URL'>,
  ) {
    this.upstream = new URL(config.LIVEKIT_URL.replace(/^http/, 'ws'));
  }

  /** Every connection asks anew, a reconnection too. @throws DomainError */
  async open(path: string, { request, socket, head, query }: Handshake): Promise<void> {
    const mark = this.live.mark();
    const token = mediaTokenOf(query, request.headers);
    const credential = sessionOf(request);
    const caller = await this.sessions.resolve(credential);
    const { userId, credentialId } = caller;
    const place = this.live.reserve({ kind: 'media', userId, credentialId }, mark);
    this.connections.isKnown(request);
    // However it ends, and wherever on the way the browser goes: the connection holds its place no longer than it is there.
    socket.once('close', () => place.release());
    if (socket.destroyed) return place.release();
    try {
      if (!place.standOn(await this.authorize(token, caller)))
        throw new DomainError(place.over === 'signed-out' ? 'UNAUTHENTICATED' : 'ADMISSION_ENDED');
      const server = await this.connect(path, upstreamQuery(query, token), request);
      if (socket.destroyed) return server.terminate();
      socket.once('close', () => server.terminate());
      this.server.handleUpgrade(request, socket, head, (browser) => this.join(browser, server, place, credential));
    } catch (error) {
      place.release();
      throw error;
    }
  }

  private join(browser: WebSocket, server: WebSocket, place: LivePlace, credential: Credential): void {
    const sweep = setInterval(() => void this.look(credential, place), sessionSweepMs);
    joinSockets(browser, server, (code) => {
      clearInterval(sweep);
      place.release();
      this.metrics.socketClosed('media', code);
    });
    place.whenCut((why) => closeBoth(browser, server, ...closings[why]));
    if (place.over === undefined) server.resume();
  }

  /** Decides for the caller whether this token may pass. @throws DomainError */
  async authorize(mediaToken: string, { principal }: Caller): Promise<{ roomId: string; joinId: string }> {
    const { roomId, joinId } = await this.entry.authorizeMedia({ mediaToken }, { principal });
    return { roomId, joinId };
  }

  private connect(path: string, query: string, request: IncomingMessage): Promise<WebSocket> {
    const url = new URL(this.upstream);
    url.pathname = path;
    url.search = query;
    const server = new WebSocket(url, {
      perMessageDeflate: false,
      maxPayload: mediaLimits.serverFrameBytes,
      handshakeTimeout: connectMs,
      followRedirects: false,
      // Nothing of the browser's request goes on but its name: no cookie, no header that LiveKit might believe.
      headers: { 'user-agent': String(request.headers['user-agent'] ?? '').slice(0, 256) },
    });
    return new Promise((resolve, reject) => {
      server.once('open', () => {
        // Nothing may be read before the browser's side is there to take it.
        server.pause();
        resolve(server);
      });
      server.once('unexpected-response', (_request, response) => {
        response.resume();
        server.terminate();
        const refusal = refusalOf(response.statusCode ?? 0);
        this.metrics.upstreamEnded('livekit', refusal.reason);
        reject(refusal);
      });
      server.on('error', (cause) => reject(new DomainError('UNAVAILABLE', { cause })));
      server.once('error', () => this.metrics.upstreamEnded('livekit', 'UNAVAILABLE'));
    });
  }

  private async look(credential: Credential, place: LivePlace): Promise<void> {
    // Only a clear "no" ends a meeting: while auth does not answer, nobody new comes in anyway.
    await this.sessions.resolve(credential).catch((error: unknown) => {
      if (error instanceof DomainError && error.reason === 'UNAUTHENTICATED') place.cut('signed-out');
    });
  }
}

/** Media belongs to a browser's session; a personal token opens no media. @throws DomainError UNAUTHENTICATED */
export function sessionOf({ headers }: IncomingMessage): Credential {
  const token = readSessionCookie(headers.cookie);
  if (token === undefined) throw new DomainError('UNAUTHENTICATED');
  return { kind: 'session', token };
}

/** What LiveKit itself refuses, in our words. */
export function refusalOf(status: number): DomainError {
  if (status === 401 || status === 403) return new DomainError('ADMISSION_ENDED');
  if (status === 404) return new DomainError('NOT_FOUND');
  if (status === 400) return new HttpRefusal(400, 'INVALID_ARGUMENT');
  return new DomainError('UNAVAILABLE', { retryAfterSeconds: 1 });
}
