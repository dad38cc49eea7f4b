import { Agent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as TlsAgent, request as httpsRequest } from 'node:https';
import { files, fromBinary } from '@conclave/contracts';
import { DomainError, isErrorReason } from '@conclave/errors';
import { RequestScope, sever } from '@conclave/platform';
import { Inject, Injectable } from '@nestjs/common';
import { configToken, type Config } from '../../config.js';
import { GatewayMetrics } from '../../gateway-metrics.js';

/** How long the other side may be silent; files proves presence and reads from a store before it answers. */
const silenceMs = 60_000;
const giveBackMs = 5_000;
/** What a body may lie here on its way to files. A chunk of it is 64 KiB: with less than two, each would stop its sender and start it again. */
const mostUnsentBytes = 256 * 1024;
const longestWordsBytes = 16 * 1024;

/** How far an upload has come. */
export interface Appended {
  readonly offset: number;
  /** Absent once the file is whole. */
  readonly expiresAt?: Date;
}

/**
 * Speaks with the HTTP side of files, where the bytes go. Streams are node's own on both sides: pipes carry
 * back-pressure, and an answer that comes before the body has ended leaves the client's connection alone.
 */
@Injectable()
export class DataPlane {
  private readonly agent: Agent;
  /** Never gives a connection out twice. */
  private readonly fresh: Agent;
  private readonly base: URL;
  private readonly start: typeof httpRequest;
  /** Requests that we ended ourselves, and why. */
  private readonly cutFor = new WeakMap<ClientRequest, DomainError>();

  constructor(
    @Inject(configToken) config: Pick<Config, 'FILES_URL'>,
    private readonly metrics: GatewayMetrics,
  ) {
    this.base = new URL(config.FILES_URL);
    const secure = this.base.protocol === 'https:';
    const options = { keepAlive: true, maxSockets: 512, maxFreeSockets: 32 };
    this.agent = secure ? new TlsAgent(options) : new Agent(options);
    const once = { keepAlive: false, maxSockets: options.maxSockets, writableHighWaterMark: mostUnsentBytes };
    this.fresh = secure ? new TlsAgent(once) : new Agent(once);
    this.start = secure ? httpsRequest : httpRequest;
  }

  /**
   * Sends a body of exactly `size` bytes. The returned request is the place to pipe it into; the promise settles with
   * the file as it is then, or with a refusal, which may come early.
   */
  put(
    fileId: string,
    hopToken: string,
    size: number,
    type: string,
    signal: AbortSignal,
  ): { into: ClientRequest; done: Promise<files.File> } {
    const into = this.start(this.at(`/uploads/${fileId}`), {
      method: 'PUT',
      // A connection of its own: one that was kept may be closing just now, and a body cannot be sent twice.
      agent: this.fresh,
      headers: { ...trace(), authorization: `Hop ${hopToken}`, 'content-length': size, 'content-type': type },
    });
    this.cutOn(signal, into);
    const done = this.answerOf(into).then(async (response) => {
      if (!isGood(response)) throw await refusalOf(response);
      return this.fileIn(response);
    });
    return { into, done };
  }

  /** Sends the next `size` bytes of an upload that is kept, which go on at `offset`; answers how far it has come. */
  append(
    fileId: string,
    hopToken: string,
    { offset, size }: { offset: number; size: number },
    signal: AbortSignal,
  ): { into: ClientRequest; done: Promise<Appended> } {
    const into = this.start(this.at(`/uploads/${fileId}`), {
      method: 'PATCH',
      agent: this.fresh,
      headers: { ...trace(), authorization: `Hop ${hopToken}`, 'content-length': size, 'upload-offset': offset },
    });
    this.cutOn(signal, into);
    const done = this.answerOf(into).then(async (response) => {
      if (!isGood(response)) throw await refusalOf(response);
      const { 'upload-offset': stored, 'upload-expires': expires } = response.headers;
      response.resume();
      if (typeof stored !== 'string' || !/^\d{1,15}$/.test(stored)) {
        this.broken();
        throw new DomainError('UNAVAILABLE');
      }
      return { offset: Number(stored), ...(typeof expires === 'string' && { expiresAt: new Date(expires) }) };
    });
    return { into, done };
  }

  /** Gives a place back for which no bytes will come. Where nobody hears it, its lease runs out. */
  giveBack(fileId: string, hopToken: string): void {
    const headers = { ...trace(), authorization: `Hop ${hopToken}` };
    this.start(this.at(`/uploads/${fileId}`), { method: 'DELETE', agent: this.fresh, headers, timeout: giveBackMs })
      .on('timeout', function (this: ClientRequest) {
        this.destroy();
      })
      .on('error', () => undefined)
      .on('response', (response) => response.resume())
      .end();
  }

  /** Opens a file's bytes. @throws DomainError with the reason of files */
  async get(
    fileId: string,
    hopToken: string,
    range: string | undefined,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const headers = { ...trace(), authorization: `Hop ${hopToken}`, ...(range !== undefined && { range }) };
    const ask = (agent: Agent): ClientRequest => {
      const asked = this.start(this.at(`/content/${fileId}`), { method: 'GET', agent, headers });
      this.cutOn(signal, asked);
      return asked.end();
    };
    const asked = ask(this.agent);
    const response = await this.answerOf(asked).catch((error: unknown) => {
      // A connection that was kept led to a replica that has just gone: nothing was answered, so nothing is lost.
      if (!asked.reusedSocket || signal.aborted || !wasReset(error)) throw error;
      return this.answerOf(ask(this.fresh));
    });
    if (isGood(response)) return response;
    throw await refusalOf(response);
  }

  close(): void {
    this.agent.destroy();
    this.fresh.destroy();
  }

  /** Ends a request by reset when the signal says so: nothing that lies between files and us goes on. */
  private cutOn(signal: AbortSignal, asked: ClientRequest): void {
    const cut = (): void => {
      const { reason } = signal as { reason: unknown };
      this.cutFor.set(
        asked,
        reason instanceof DomainError ? reason : new DomainError('UNAVAILABLE', { cause: reason }),
      );
      if (asked.socket) sever(asked.socket);
      asked.destroy();
    };
    if (signal.aborted) return cut();
    signal.addEventListener('abort', cut);
    // Behind its end, the connection may carry somebody else's.
    asked.once('close', () => signal.removeEventListener('abort', cut));
  }

  private async answerOf(asked: ClientRequest): Promise<IncomingMessage> {
    try {
      return await answerOf(asked);
    } catch (error) {
      // A stream that we ended ourselves, or whose reader went away, is no failure of files.
      const ours = this.cutFor.get(asked);
      if (ours) throw ours;
      const { reason, cause } = error as { reason?: unknown; cause?: unknown };
      if (reason === 'DEADLINE_EXCEEDED' || cause) this.broken();
      throw error;
    }
  }

  private async fileIn(response: IncomingMessage): Promise<files.File> {
    try {
      return fromBinary(files.FileSchema, await readShort(response));
    } catch (cause) {
      this.broken();
      throw new DomainError('UNAVAILABLE', { cause });
    }
  }

  /** A stream that files did not answer. */
  private broken(): void {
    this.metrics.upstreamEnded('files', 'UNAVAILABLE');
  }

  private at(path: string): URL {
    return new URL(path, this.base);
  }
}

/** Trailing range of a refusal: how long the file is, for 416. */
export const contentRangeOf = (error: unknown): string | undefined =>
  error instanceof UpstreamRefusal ? error.contentRange : undefined;

/** Whether files itself refused, and not this side or the network. */
export const isRefusalOfFiles = (error: unknown): error is DomainError => error instanceof UpstreamRefusal;

/** A refusal of the data plane, with what HTTP needs to say it well. */
class UpstreamRefusal extends DomainError {
  constructor(
    reason: DomainError['reason'],
    options: ConstructorParameters<typeof DomainError>[1],
    readonly contentRange: string | undefined,
  ) {
    super(reason, options);
  }
}

/** The request this stream belongs to, so that the log of files finds it under the same id. */
function trace(): Record<string, string> {
  const scope = RequestScope.current();
  return scope ? { 'x-correlation-id': scope.correlationId, traceparent: scope.traceparent } : {};
}

const wasReset = (error: unknown): boolean => {
  const { code } = (error as { cause?: { code?: unknown } }).cause ?? {};
  return code === 'ECONNRESET' || code === 'EPIPE';
};

const isGood = ({ statusCode = 0 }: IncomingMessage): boolean => statusCode >= 200 && statusCode < 300;

function answerOf(asked: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    asked.setTimeout(silenceMs, () => asked.destroy(new DomainError('DEADLINE_EXCEEDED')));
    asked.on('response', resolve);
    asked.on('error', (cause) =>
      reject(cause instanceof DomainError ? cause : new DomainError('UNAVAILABLE', { cause })),
    );
    asked.on('close', () => reject(new DomainError('UNAVAILABLE')));
  });
}

/** `{reason, details?}` in JSON, and Retry-After; anything else is not from files. */
async function refusalOf(response: IncomingMessage): Promise<DomainError> {
  const contentRange = response.headers['content-range'];
  const named = response.headers['x-conclave-reason'];
  try {
    const body = await readShort(response);
    const { reason = named, details } = JSON.parse(body.toString('utf8')) as { reason?: unknown; details?: unknown };
    if (typeof reason === 'string' && isErrorReason(reason))
      return new UpstreamRefusal(reason, { details: plainDetails(details), ...retryIn(response) }, contentRange);
  } catch {
    // The header alone says enough, where there is one.
  }
  if (typeof named === 'string' && isErrorReason(named)) return new UpstreamRefusal(named, {}, contentRange);
  return new DomainError('UNAVAILABLE', { cause: new Error(`data plane answered ${response.statusCode}`) });
}

/** When whoever was refused may ask again, where files says so. */
function retryIn({ headers }: IncomingMessage): { retryAfterSeconds?: number } {
  const seconds = headers['retry-after'];
  return seconds !== undefined && /^\d{1,4}$/.test(seconds) ? { retryAfterSeconds: Number(seconds) } : {};
}

async function readShort(response: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > longestWordsBytes) throw new RangeError('answer too long');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function plainDetails(details: unknown): Record<string, string> {
  if (typeof details !== 'object' || details === null) return {};
  return Object.fromEntries(
    Object.entries(details).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
