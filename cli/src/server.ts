import { request as overHttp, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { request as overHttps } from 'node:https';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exitCodes, Failure, LostConnection, Refusal } from './failure.ts';

/** So long nothing may move on a connection. */
const silenceMs = 60_000;
const longestWordsBytes = 1024 * 1024;

/** Where to, and in whose name. */
export interface Target {
  readonly server: URL;
  readonly room: string;
  readonly token: string;
  readonly session: string;
}

/** What is sent besides the path. */
export interface Asking {
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Readable;
}

/** The server of one command. */
export class Server {
  private readonly target: Target;
  /** Whether there is a server at that address at all. */
  private answered = false;

  constructor(target: Target) {
    this.target = target;
  }

  /** A call whose answer is JSON, or nothing. @throws Refusal, LostConnection */
  async call<T>(method: string, path: string): Promise<T> {
    const response = await this.ask(method, path);
    const text = (await wordsOf(response)).toString('utf8');
    if (text === '') return undefined as T;
    const value = parsed(text);
    if (value === undefined) throw this.stranger();
    return value as T;
  }

  /**
   * What a request without a body says of itself. An answer to HEAD has no words: whoever is refused is told why by asking for `words`.
   * @throws Refusal, LostConnection
   */
  async head(path: string, { words, ...asking }: Asking & { readonly words: string }): Promise<IncomingMessage> {
    const response = await this.ask('HEAD', path, asking).catch(async (error: unknown) => {
      if (error instanceof Refusal) await this.call('GET', words);
      throw error;
    });
    response.resume();
    return response;
  }

  /** Any request under the room; the answer's body is the caller's to read. @throws Refusal, LostConnection */
  async ask(method: string, path: string, { headers = {}, body }: Asking = {}): Promise<IncomingMessage> {
    const { server, room } = this.target;
    const url = new URL(`api/v1/rooms/${encodeURIComponent(room)}${path}`, server);
    const start = url.protocol === 'https:' ? overHttps : overHttp;
    const asked = start(url, { method, headers: { ...this.proof(), ...headers }, agent: false });
    asked.setTimeout(silenceMs, () => asked.destroy(new Error('the server says nothing')));
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      asked.on('response', resolve);
      asked.on('error', reject);
      asked.on('close', () => reject(new Error('the connection was closed')));
    });
    // An answer may come before the body has gone: a refusal is worth more than the error of the pipe.
    const sent = body ? pipeline(body, asked) : undefined;
    if (!body) asked.end();
    const unreadable = sent?.catch((error: NodeJS.ErrnoException) => {
      if (error.syscall === 'read') throw error;
    });
    let response: IncomingMessage;
    try {
      response = await Promise.race([answered, ...(unreadable ? [unreadable.then(() => answered)] : [])]);
    } catch (error) {
      const { syscall, code = '', message } = error as NodeJS.ErrnoException;
      if (syscall === 'read' && body?.errored) throw error;
      throw this.unreached(code) ?? new LostConnection(message, { cause: error });
    }
    this.answered = true;
    const { statusCode = 0 } = response;
    if (statusCode >= 200 && statusCode < 300) return response;
    const text = method === 'HEAD' ? '' : (await wordsOf(response)).toString('utf8');
    asked.destroy();
    throw new Refusal(statusCode, parsed(text), response.headers['retry-after']);
  }

  /** Why it makes no sense to try again; undefined where it may. */
  private unreached(code: string): Failure | undefined {
    const { host, origin } = this.target.server;
    if (/CERT|ERR_TLS|SELF_SIGNED|UNABLE_TO|EPROTO|ERR_SSL/.test(code))
      return new Failure(
        exitCodes.noConnection,
        `The certificate of ${host} cannot be trusted from here (${code}). NODE_EXTRA_CA_CERTS takes a certificate authority of your own.`,
      );
    if (this.answered) return undefined;
    if (code === 'ENOTFOUND') return new Failure(exitCodes.noConnection, `There is no ${host}. Is the address right?`);
    if (code === 'ECONNREFUSED')
      return new Failure(
        exitCodes.noConnection,
        `Nothing answers at ${origin}. Is the address right, and the server up?`,
      );
    return undefined;
  }

  private stranger(): Failure {
    return new Failure(
      exitCodes.failed,
      `What answers at ${this.target.server.origin} does not speak as Conclave does.`,
    );
  }

  private proof(): OutgoingHttpHeaders {
    const { token, session, server } = this.target;
    if (token !== '') return { authorization: `Bearer ${token}` };
    return session === '' ? {} : { cookie: `__Host-sid=${session}`, origin: server.origin, 'x-conclave': '1' };
  }
}

async function wordsOf(response: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of response as AsyncIterable<Buffer>) {
      bytes += part.length;
      if (bytes > longestWordsBytes) throw new Error('an answer is too long');
      parts.push(part);
    }
  } catch (error) {
    throw new LostConnection(error instanceof Error ? error.message : String(error), { cause: error });
  }
  return Buffer.concat(parts);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
