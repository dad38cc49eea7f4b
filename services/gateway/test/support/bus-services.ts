import {
  common,
  create,
  fromBinary,
  reasonToWire,
  subjectOf,
  toBinary,
  type DescMethod,
  type MessageInitShape,
  type MessageShape,
} from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { Bus } from '@conclave/messaging';

/** A call as it came over the bus. */
export interface HeardCall {
  readonly method: string;
  readonly request: object;
  readonly principal: string;
  readonly correlationId: string;
  readonly idempotencyKey: string;
}

/**
 * Answers on the real bus, with the nkey and the rights of the service that owns each method: what the gateway sends is
 * really encoded, allowed and decoded.
 */
export class BusServices {
  readonly heard: HeardCall[] = [];
  private readonly handlers = new Map<string, (request: never, call: HeardCall) => unknown>();
  private readonly answering = new Set<string>();

  private constructor(private readonly buses: Readonly<Record<'auth' | 'rooms' | 'files', Bus>>) {}

  static async join(nats: { url: string; seeds: Readonly<Record<string, string>> }): Promise<BusServices> {
    const connect = (service: 'auth' | 'rooms' | 'files') =>
      Bus.connect({ url: nats.url, seed: nats.seeds[service] ?? '', service });
    const [auth, rooms, files] = await Promise.all([connect('auth'), connect('rooms'), connect('files')]);
    return new BusServices({ auth, rooms, files });
  }

  /** Says how a method is answered from now on. */
  on<M extends DescMethod>(
    method: M,
    handler: (
      request: MessageShape<M['input']>,
      call: HeardCall,
    ) => MessageInitShape<M['output']> | Promise<MessageInitShape<M['output']>>,
  ): void {
    const subject = subjectOf(method);
    this.handlers.set(subject, handler as never);
    if (this.answering.has(subject)) return;
    this.answering.add(subject);
    const service = subject.split('.')[1] as 'auth' | 'rooms' | 'files';
    this.buses[service].respond(subject, service, (message) => {
      void (async () => {
        const header = (name: string) => message.headers?.get(name) ?? '';
        const call: HeardCall = {
          method: method.name,
          request: fromBinary(method.input, message.data),
          principal: header('conclave-principal'),
          correlationId: header('conclave-correlation-id'),
          idempotencyKey: header('conclave-idempotency-key'),
        };
        this.heard.push(call);
        try {
          const answer = await this.handlers.get(subject)?.(call.request as never, call);
          message.respond(toBinary(method.output, create(method.output, answer as never)));
        } catch (error) {
          const refusal = error instanceof DomainError ? error : new DomainError('INTERNAL', { cause: error });
          const headers = message.headers;
          headers?.set('conclave-error', refusal.reason);
          const reply = create(common.ErrorReplySchema, {
            reason: reasonToWire(refusal.reason),
            retryAfterSeconds: refusal.retryAfterSeconds ?? 0,
            details: { ...refusal.details },
          });
          message.respond(toBinary(common.ErrorReplySchema, reply), headers ? { headers } : {});
        }
      })();
    });
  }

  /** Publishes as a service. */
  publish(service: 'auth' | 'rooms' | 'files', subject: string, data: Uint8Array): void {
    this.buses[service].publish(subject, data);
  }

  /** Resolves when the bus knows every answer that was declared. */
  async settled(): Promise<void> {
    await Promise.all(Object.values(this.buses).map((bus) => bus.ping()));
  }

  calls(method: string): HeardCall[] {
    return this.heard.filter((call) => call.method === method);
  }

  async leave(): Promise<void> {
    await Promise.all(Object.values(this.buses).map((bus) => bus.close()));
  }
}
