import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { sever } from '@conclave/platform';
import { Inject, Injectable } from '@nestjs/common';
import { configToken, type Config } from '../config.js';
import { GatewayMetrics } from '../gateway-metrics.js';
import { ClientAddress, limitKey } from './client-address.js';

/** How many connections may be open: of one address without a session, of one address, and in all. */
export const connectionLimits = { anonymousPerAddress: 128, perAddress: 2048, inAll: 16_384 };

/** One open connection and whose it is, as far as that is known. */
interface Held {
  readonly socket: Socket;
  /** Behind our own proxy an address is known only while a request is being answered. */
  readonly proxied: boolean;
  address?: string;
  known: boolean;
}

/** The connections of one address; those that asked least lately come first. */
interface Neighbours {
  readonly anonymous: Set<Held>;
  readonly known: Set<Held>;
}

/**
 * Every connection has a bound, per address and in all. Where one is reached, the connection without a session that has been quiet
 * for longest makes room: whoever holds many open and says nothing loses them, and somebody who comes from the same address and
 * says who they are is served.
 */
@Injectable()
export class Connections {
  private readonly held = new Map<string, Held>();
  private readonly addresses = new Map<string, Neighbours>();
  private readonly anonymous = new Set<Held>();

  constructor(
    private readonly clients: ClientAddress,
    private readonly metrics: GatewayMetrics,
    @Inject(configToken) private readonly config: Pick<Config, 'RATE_LIMIT_SCALE'>,
  ) {}

  attach(server: Server): void {
    server.on('connection', (socket) => this.opened(socket));
  }

  /** A request or a handshake has come: it is the latest of its address. */
  asks(request: IncomingMessage): void {
    const held = this.of(request);
    if (!held) return;
    this.leave(held);
    held.address = limitKey(this.clients.of(request));
    this.enter(held);
  }

  /** Whoever asks has a session. */
  isKnown(request: IncomingMessage): void {
    const held = this.of(request);
    if (!held || held.known) return;
    this.leave(held);
    held.known = true;
    this.enter(held);
  }

  /** It is answered; what comes next through the same proxy may be somebody else's. */
  answered(request: IncomingMessage): void {
    const held = this.of(request);
    if (!held?.proxied) return;
    this.leave(held);
    delete held.address;
    held.known = false;
    this.enter(held);
  }

  private of({ socket }: IncomingMessage): Held | undefined {
    return this.held.get(nameOf(socket));
  }

  private opened(socket: Socket): void {
    const proxied = this.clients.isProxy(socket);
    const held: Held = {
      socket,
      proxied,
      known: false,
      ...(!proxied && { address: limitKey(this.clients.peerOf(socket)) }),
    };
    const name = nameOf(socket);
    this.held.set(name, held);
    socket.once('close', () => {
      this.held.delete(name);
      this.leave(held);
    });
    this.enter(held);
  }

  private enter(held: Held): void {
    if (!held.known) this.anonymous.add(held);
    if (this.held.size > connectionLimits.inAll) this.makeRoom(this.anonymous, held);
    if (held.address === undefined) return;
    const neighbours = this.addresses.get(held.address) ?? { anonymous: new Set(), known: new Set() };
    this.addresses.set(held.address, neighbours);
    const { anonymous, known } = neighbours;
    (held.known ? known : anonymous).add(held);
    const scale = Math.max(1, this.config.RATE_LIMIT_SCALE);
    const crowded = anonymous.size + known.size > connectionLimits.perAddress * scale;
    if (crowded || anonymous.size > connectionLimits.anonymousPerAddress * scale) this.makeRoom(anonymous, held);
  }

  private leave(held: Held): void {
    this.anonymous.delete(held);
    const neighbours = held.address === undefined ? undefined : this.addresses.get(held.address);
    if (!neighbours || held.address === undefined) return;
    neighbours.anonymous.delete(held);
    neighbours.known.delete(held);
    if (neighbours.anonymous.size + neighbours.known.size === 0) this.addresses.delete(held.address);
  }

  /** The anonymous one that has been quiet for longest goes; where there is none, the one that has just come. */
  private makeRoom(anonymous: ReadonlySet<Held>, latest: Held): void {
    const [quiet = latest] = anonymous;
    this.metrics.connectionRefused();
    this.leave(quiet);
    sever(quiet.socket);
  }
}

/** Both ends of TLS have the same: the server hands out one object for the bytes and another for what is in them. */
const nameOf = ({ remoteAddress = '', remotePort = 0 }: Socket): string => `${remoteAddress} ${remotePort}`;
