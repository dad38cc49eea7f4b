import {
  accessOf,
  common,
  create,
  fromBinary,
  reasonFromWire,
  subjectOf,
  toBinary,
  type DescMethod,
} from '@conclave/contracts';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import type { Init } from './field-cases.js';
import type { TestNats } from './nats.js';

/** How a call ended. */
export interface RawAnswer {
  /** `ok` or the reason. */
  readonly reason: string;
  /** What the refusal says was wrong; empty where it names nothing. */
  readonly field: string;
}

/** Sends a request to a method as a service that may call it. */
export type RawCall = (method: DescMethod, request: Init) => Promise<RawAnswer>;

type Caller = Parameters<TestNats['connect']>[0];

/**
 * Calls of any method straight over the bus, in the name of a person, with whatever the request holds. The person's token is
 * asked for anew by every call: it may live shorter than a file of specs takes.
 */
export function rawCalls(nats: TestNats, principal: () => string | Promise<string>): RawCall {
  const connections = new Map<string, Promise<NatsConnection>>();
  return async (method, request) => {
    const caller = accessOf(method).callers[0] as Caller;
    const connection = connections.get(caller) ?? nats.connect(caller);
    connections.set(caller, connection);
    const fields = headers();
    fields.set('conclave-principal', await principal());
    const bytes = toBinary(method.input, create(method.input, request));
    const reply = await (await connection).request(subjectOf(method), bytes, { headers: fields, timeout: 20_000 });
    if (!reply.headers?.get('conclave-error')) return { reason: 'ok', field: '' };
    const { reason, details } = fromBinary(common.ErrorReplySchema, reply.data);
    return { reason: reasonFromWire(reason), field: details['field'] ?? '' };
  };
}
