import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '@conclave/errors';
import {
  connect,
  createInbox,
  ConnectionError,
  headers as makeHeaders,
  nkeyAuthenticator,
  NoRespondersError,
  RequestError,
  TimeoutError,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
  type Subscription,
} from '@nats-io/transport-node';

/** A bus that starts beside us is there in a moment. What it refuses stays refused. */
const patienceMs = 30_000;
const retryMs = 500;
/** Status of a message from the bus itself: nobody hears the subject. */
const nobodyHears = 503;

const isAway = (error: unknown): boolean =>
  error instanceof ConnectionError || error instanceof TimeoutError || (error instanceof Error && 'code' in error);

/** How a process reaches the bus. */
export interface BusOptions {
  readonly url: string;
  /** nkey seed of this service's user; its rights are the bus's allow-list. */
  readonly seed: string;
  readonly service: string;
  /** False where a process does not hear what it publishes itself. */
  readonly echo?: boolean;
}

/** How one request to another service ended. */
export interface ClientCallRecord {
  readonly subject: string;
  readonly seconds: number;
  /** `ok` or the reason, as the caller got it. */
  readonly outcome: string;
}

/** A broadcast that its hearer could not handle. */
export interface BroadcastFailure {
  /** As it was sent; it may hold an id, so it is for the log and no label. */
  readonly subject: string;
  readonly error: unknown;
}

/** The one connection of a process to NATS. */
export class Bus {
  private readonly failureObservers: ((failure: BroadcastFailure) => void)[] = [];
  private readonly callObservers: ((record: ClientCallRecord) => void)[] = [];
  /** Where the bus says that nobody heard; subscribed by the first question. */
  private unheardAt: string | undefined;
  private readonly unheard = new Set<string>();
  private questions = 0;

  private constructor(
    readonly service: string,
    private readonly connection: NatsConnection,
  ) {}

  /** Connects; keeps trying for 30 s at start, and for ever afterwards. */
  static async connect(options: BusOptions): Promise<Bus> {
    for (const until = Date.now() + patienceMs; ; await sleep(retryMs)) {
      try {
        return await Bus.connectOnce(options);
      } catch (error) {
        if (!isAway(error) || Date.now() > until) throw error;
      }
    }
  }

  private static async connectOnce({ url, seed, service, echo = true }: BusOptions): Promise<Bus> {
    const connection = await connect({
      servers: url.split(','),
      name: service,
      authenticator: nkeyAuthenticator(new TextEncoder().encode(seed.trim())),
      inboxPrefix: `_INBOX.${service}`,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 500,
      reconnectJitter: 500,
      waitOnFirstConnect: false,
      noEcho: !echo,
      pingInterval: 10_000,
      maxPingOut: 2,
    });
    return new Bus(service, connection);
  }

  /** Whether the connection is up now; for readiness. */
  async ping(): Promise<void> {
    await this.connection.flush();
  }

  /** Hears when the connection is lost and when it is back. */
  onStatus(handle: (status: 'disconnect' | 'reconnect') => void): void {
    void (async () => {
      for await (const { type } of this.connection.status())
        if (type === 'disconnect' || type === 'reconnect') handle(type);
    })();
  }

  /** Hears of every call that a typed client made here; for metrics. */
  onCall(observe: (record: ClientCallRecord) => void): void {
    this.callObservers.push(observe);
  }

  /** Told by typed clients, who alone know how a call ended. */
  callEnded(record: ClientCallRecord): void {
    for (const observe of this.callObservers) observe(record);
  }

  /** Hears of every broadcast whose handler failed, and of every subscription that the bus ended. */
  onBroadcastFailure(observe: (failure: BroadcastFailure) => void): void {
    this.failureObservers.push(observe);
  }

  publish(subject: string, data: Uint8Array = new Uint8Array()): void {
    this.connection.publish(subject, data);
  }

  /**
   * Publishes, and says whether anybody hears the subject. The bus tells by itself who is there; its hearers answer nothing. What this
   * process hears itself counts, unless it was connected without echo.
   */
  async reaches(subject: string, data: Uint8Array): Promise<boolean> {
    const reply = `${(this.unheardAt ??= this.hearUnheard())}.${this.questions++}`;
    this.connection.publish(subject, data, { reply });
    try {
      // The bus answers in the order in which it was asked: "nobody" comes before this does, or never.
      await this.connection.flush();
      return !this.unheard.has(reply);
    } finally {
      this.unheard.delete(reply);
    }
  }

  private hearUnheard(): string {
    const inbox = createInbox(`_INBOX.${this.service}`);
    this.connection.subscribe(`${inbox}.*`, {
      callback: (error, message) => {
        if (!error && message.headers?.code === nobodyHears) this.unheard.add(message.subject);
      },
    });
    return inbox;
  }

  /** Hears broadcasts; a failing handler does not end the subscription, and is never silent: kicks travel by it. */
  subscribe(subject: string, handle: (data: Uint8Array, subject: string) => void | Promise<void>): BusSubscription {
    const subscription = this.connection.subscribe(subject, {
      callback: (error, message) => {
        if (error) return this.broadcastFailed(subject, error);
        void (async () => handle(message.data, message.subject))().catch((cause: unknown) =>
          this.broadcastFailed(message.subject, cause),
        );
      },
    });
    return { unsubscribe: () => subscription.unsubscribe() };
  }

  private broadcastFailed(subject: string, error: unknown): void {
    for (const observe of this.failureObservers) observe({ subject, error });
  }

  /** Answers requests on a subject, sharing them with the other replicas of the service. */
  respond(subject: string, queue: string, handle: (message: Msg) => void): Subscription {
    return this.connection.subscribe(subject, {
      queue,
      callback: (error, message) => {
        if (!error) handle(message);
      },
    });
  }

  /** One request. Nobody there answers UNAVAILABLE at once; no answer in time is DEADLINE_EXCEEDED. */
  async request(
    subject: string,
    data: Uint8Array,
    fields: Readonly<Record<string, string>>,
    timeoutMs: number,
  ): Promise<{ data: Uint8Array; headers: MsgHdrs | undefined }> {
    const headers = makeHeaders();
    for (const [name, value] of Object.entries(fields)) headers.set(name, value);
    try {
      const reply = await this.connection.request(subject, data, { headers, timeout: timeoutMs });
      return { data: reply.data, headers: reply.headers };
    } catch (cause) {
      throw new DomainError(reasonOf(cause), { cause, message: `request to ${subject} failed` });
    }
  }

  /** Lets replies go out, then closes. */
  async close(): Promise<void> {
    if (this.connection.isClosed()) return;
    // A connection that is lost cannot drain; it is closed, so that it does not keep the process alive trying again.
    await this.connection.drain().catch(() => this.connection.close());
  }
}

/** Ends a subscription. */
export interface BusSubscription {
  unsubscribe(): void;
}

function reasonOf(cause: unknown): 'DEADLINE_EXCEEDED' | 'UNAVAILABLE' {
  if (cause instanceof TimeoutError) return 'DEADLINE_EXCEEDED';
  if (cause instanceof RequestError && cause.cause instanceof TimeoutError) return 'DEADLINE_EXCEEDED';
  if (cause instanceof NoRespondersError) return 'UNAVAILABLE';
  return 'UNAVAILABLE';
}
