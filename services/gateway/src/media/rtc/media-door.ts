import type { IncomingMessage } from 'node:http';
import { rooms } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { InjectClient } from '@conclave/messaging';
import type { ServiceClient } from '@conclave/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { WebSocketServer, type WebSocket } from 'ws';
import { configToken, type Config } from '../../config.js';
import { Connections } from '../../connections/connections.js';
import { GatewayMetrics } from '../../gateway-metrics.js';
import { LiveConnections, type CutReason, type LivePlace } from '../../live/live-connections.js';
import { closeCodes } from '../../live/close-codes.js';
import { severable } from '../../live/close-socket.js';
import type { Handshake } from '../../realtime/door/upgrade-door.js';
import { readSessionCookie, type Credential } from '../../session/session-cookie.js';
import { SessionResolver, type Caller } from '../../session/session-resolver.js';
import { mediaLimits } from './media-limits.js';
import { closeBoth, joinSockets } from './media-pipe.js';
import { connectUpstream, type MediaUpstream } from './media-upstream.js';
import { checkedQuery, ticketIn, upstreamUrl } from './signal-query.js';
import { isGreeting } from './signal-rules.js';

/** The only paths of LiveKit that anybody outside reaches. */
export const mediaPaths = ['/rtc', '/rtc/v1'] as const;

/** How often a session behind open media is looked at; revocations come at once by broadcast, this finds idle ends. */
const sessionSweepMs = 60_000;

const closings: Record<CutReason, readonly [number, string]> = {
  'signed-out': [closeCodes.signedOut, 'signed out'],
  'not-present': [closeCodes.notInRoom, 'not in the room'],
  restarting: [closeCodes.restarting, 'restarting'],
};

/**
 * The door before LiveKit's signalling. A browser shows a ticket, which only its own session opens with; what LiveKit itself would take
 * stays on our leg: the token of this one connection on the way there, and the fresh ones on the way back.
 */
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
    const ticket = ticketIn(query, request.headers);
    const checked = checkedQuery(path, query);
    const credential = sessionOf(request);
    const caller = await this.sessions.resolve(credential);
    const { userId, credentialId } = caller;
    const place = this.live.reserve({ kind: 'media', userId, credentialId }, mark);
    this.connections.isKnown(request);
    // However it ends, and wherever on the way the browser goes: the connection holds its place no longer than it is there.
    socket.once('close', () => place.release());
    if (socket.destroyed) return place.release();
    try {
      const { mediaToken, ...admission } = await this.authorize(ticket, caller);
      if (!place.standOn(admission))
        throw new DomainError(place.over === 'signed-out' ? 'UNAUTHENTICATED' : 'ADMISSION_ENDED');
      const url = upstreamUrl(this.upstream, path, checked, mediaToken);
      const upstream = await this.connect(url, request, caller, admission.joinId);
      if (socket.destroyed) return upstream.socket.terminate();
      socket.once('close', () => upstream.socket.terminate());
      this.server.handleUpgrade(request, socket, head, (browser) =>
        this.join(severable(browser, socket), upstream, place, credential),
      );
    } catch (error) {
      place.release();
      throw error;
    }
  }

  private join(browser: WebSocket, upstream: MediaUpstream, place: LivePlace, credential: Credential): void {
    const server = upstream.socket;
    const sweep = setInterval(() => void this.look(credential, place), sessionSweepMs);
    joinSockets(browser, upstream, (code) => {
      clearInterval(sweep);
      place.release();
      this.metrics.socketClosed('media', code);
    });
    place.whenCut((why) => closeBoth(browser, server, ...closings[why]));
    if (place.over === undefined) server.resume();
  }

  /** Decides for the caller whether this ticket may pass, and gets a token for the way on. @throws DomainError */
  async authorize(
    ticket: string,
    { principal }: Caller,
  ): Promise<{ roomId: string; joinId: string; mediaToken: string }> {
    const { roomId, joinId, mediaToken } = await this.entry.authorizeMedia({ ticket }, { principal });
    return { roomId, joinId, mediaToken };
  }

  /** Whoever LiveKit has taken in is nobody there until rooms has matched them with their admission. */
  private async connect(
    url: URL,
    request: IncomingMessage,
    { principal }: Caller,
    joinId: string,
  ): Promise<MediaUpstream> {
    const upstream = await connectUpstream(url, request.headers['user-agent'] ?? '').catch((error: unknown) => {
      this.metrics.upstreamEnded('livekit', error instanceof DomainError ? error.reason : 'INTERNAL');
      throw error;
    });
    try {
      if (isGreeting(upstream.first)) await this.entry.confirmMedia({ joinId }, { principal });
    } catch (error) {
      upstream.socket.terminate();
      throw error;
    }
    return upstream;
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
