import type { StayEnd } from '@conclave/contracts';
import type { CallOptions } from '@conclave/messaging';
import { Logger, RequestScope } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import type { WebSocket, WebSocketServer } from 'ws';
import { Connections } from '../../connections/connections.js';
import { GatewayMetrics } from '../../gateway-metrics.js';
import { LiveConnections, type CutReason, type LivePlace } from '../../live/live-connections.js';
import { readSessionCookie, type Credential } from '../../session/session-cookie.js';
import { SessionResolver } from '../../session/session-resolver.js';
import { closeCodes, closingOf } from '../../live/close-codes.js';
import { closeSocket, severable } from '../../live/close-socket.js';
import type { Handshake } from './upgrade-door.js';

const closings: Record<CutReason, readonly [number, string]> = {
  'signed-out': [closeCodes.signedOut, 'signed out'],
  'not-present': [closeCodes.notInRoom, 'not in the room'],
  restarting: [closeCodes.restarting, 'restarting'],
};

/** An open WebSocket of a person whose session holds, before anything is said about a room. */
export interface PersonSocket {
  /** Paused: resume it once somebody listens. */
  readonly browser: WebSocket;
  readonly userId: string;
  /** Asks a service as the caller of this moment: an ended session is refused here. */
  asCaller<T>(ask: (options: CallOptions) => Promise<T>): Promise<T>;
  /** Registers it for revocations; false when one overtook us. `close` is called when the socket must end at once. */
  admitted(
    admission: { readonly roomId: string; readonly joinId: string },
    close: (code: number, words: string, ended?: StayEnd) => void,
  ): boolean;
  /** The socket has ended. */
  closed(code: number): void;
  /** Something of ours broke and the socket ends for it. */
  failed(error: unknown): void;
}

/** How far all sockets about rooms go the same way: our page, a live session, and an end when either is over. */
@Injectable()
export class PersonSockets {
  constructor(
    private readonly sessions: SessionResolver,
    private readonly live: LiveConnections,
    private readonly connections: Connections,
    private readonly metrics: GatewayMetrics,
    private readonly logger: Logger,
  ) {}

  /**
   * Completes the handshake. A browser sees nothing of a refused one, so refusals about the caller come as close codes behind
   * it; undefined where it was refused.
   *
   * @param wellFormed whether the address says what its socket needs
   */
  async accept(
    { request, socket, head, scope }: Handshake,
    kind: 'events' | 'live',
    server: WebSocketServer,
    wellFormed: boolean,
  ): Promise<PersonSocket | undefined> {
    const token = readSessionCookie(request.headers.cookie);
    const opened = await new Promise<WebSocket>((resolve) => server.handleUpgrade(request, socket, head, resolve));
    const browser = severable(opened, socket);
    // What comes before the door has decided waits in the socket, so that nothing of it is lost and nothing passes.
    browser.pause();
    if (!wellFormed) return refuse(browser, closeCodes.badFrame, 'bad query');
    if (token === undefined) return refuse(browser, closeCodes.signedOut, 'signed out');
    const credential: Credential = { kind: 'session', token };

    const mark = this.live.mark();
    let place: LivePlace;
    try {
      const { userId, credentialId } = await this.sessions.resolve(credential);
      place = this.live.reserve({ kind, userId, credentialId }, mark);
      this.connections.isKnown(request);
    } catch (error) {
      const { code, words } = closingOf(error);
      return refuse(browser, code, words);
    }
    browser.once('close', () => place.release());
    return {
      browser,
      userId: place.userId,
      asCaller: (ask) =>
        RequestScope.run(scope, async () => {
          const { principal } = await this.sessions.resolve(credential);
          return ask({ principal });
        }),
      admitted: (admission, close) => {
        place.whenCut((why, ended) => close(...closings[why], ended));
        return place.standOn(admission);
      },
      closed: (code) => {
        place.release();
        this.metrics.socketClosed(kind, code);
      },
      failed: (error) => RequestScope.run(scope, () => this.logger.warn(`${kind} socket given up`, { error })),
    };
  }
}

function refuse(browser: WebSocket, code: number, words: string): undefined {
  browser.on('error', () => undefined);
  browser.resume();
  closeSocket(browser, code, words);
}
