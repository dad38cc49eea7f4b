import type { Socket } from 'node:net';
import { rooms } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { InjectClient, type ServiceClient } from '@conclave/messaging';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RouteHandler, StreamParts } from '../../http/route.js';
import { writerOf } from '../../http/rpc/answer-json.js';
import { LiveConnections, refusalOfCut, type LivePlace } from '../../live/live-connections.js';
import type { EventFrame } from '../feeds/event-frame.js';
import { RoomFeeds } from '../feeds/room-feeds.js';

/** Injection token of the timing. */
export const hostsWordTiming = Symbol('HostsWordTiming');

/** How long a question is held: less than browsers and proxies wait, and than its principal is good for. */
export interface HostsWordTiming {
  readonly holdMs: number;
}

type Waiter = StreamParts<{ readonly slug: string }>;

const view = writerOf(rooms.GetOwnRequestResponseSchema);
const { WAITING } = rooms.EntryRequestState;

/** Why the owner of the log is asked again: the way in changed, or there is no door any longer. */
const mayChangeWord = ({ event: { event } }: EventFrame): boolean =>
  event.case === 'doorChanged' || event.case === 'roomDeleted';

/**
 * Holds the question of somebody who waits before a door until a host has said something. They have no admission, so it stands on the
 * session alone. What the bus says is a hint, and nothing of it is passed on: the answer is what rooms says of their own request.
 */
@Injectable()
export class HostsWord implements RouteHandler<Waiter> {
  constructor(
    @InjectClient(rooms.LobbyService) private readonly lobby: ServiceClient<typeof rooms.LobbyService>,
    private readonly feeds: RoomFeeds,
    private readonly live: LiveConnections,
    @Inject(hostsWordTiming) private readonly timing: HostsWordTiming,
  ) {}

  async handle({ caller, call, params }: Waiter, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { userId, credentialId } = caller;
    const place = this.live.reserve({ kind: 'waiting', userId, credentialId });
    const hold = new Hold(place, request.raw.socket, this.timing.holdMs);
    try {
      const word = await this.word(hold, () => this.lobby.getOwnRequest(params, call));
      await reply.code(200).send(view(word));
    } finally {
      hold.end();
      place.release();
    }
  }

  private async word(
    hold: Hold,
    ask: () => Promise<rooms.GetOwnRequestResponse>,
  ): Promise<rooms.GetOwnRequestResponse> {
    const first = await ask();
    // A rooms of the release before does not say where to listen.
    if (first.state !== WAITING || first.roomId === '') return first;
    const stop = await this.feeds.listen(first.roomId, (frame) => void (mayChangeWord(frame) && hold.look()));
    try {
      // What was said before we listened is in this answer.
      let word = await ask();
      while (word.state === WAITING && (await hold.next())) word = await ask();
      return word;
    } finally {
      stop();
    }
  }
}

/** One question that is held: reasons to look again, until time is up, its person is gone, or it is cut. */
class Hold {
  private over = false;
  private looks = false;
  private cutFor: DomainError | undefined;
  private wake: () => void = () => undefined;
  private readonly timer: NodeJS.Timeout;
  private readonly ends = (): void => {
    this.over = true;
    this.wake();
  };

  constructor(
    place: LivePlace,
    private readonly socket: Socket,
    holdMs: number,
  ) {
    this.timer = setTimeout(this.ends, holdMs).unref();
    socket.once('close', this.ends);
    if (socket.destroyed) this.ends();
    place.whenCut((why) => {
      // A gateway that goes away answers as things are: the next question finds another one.
      if (why !== 'restarting') this.cutFor = new DomainError(refusalOfCut[why]);
      this.ends();
    });
  }

  look(): void {
    this.looks = true;
    this.wake();
  }

  /** Whether to look again; false when it is over. @throws DomainError when it was cut */
  async next(): Promise<boolean> {
    if (!this.looks && !this.over) await new Promise<void>((resolve) => (this.wake = resolve));
    if (this.cutFor) throw this.cutFor;
    const again = this.looks && !this.over;
    this.looks = false;
    return again;
  }

  end(): void {
    clearTimeout(this.timer);
    this.socket.off('close', this.ends);
  }
}
