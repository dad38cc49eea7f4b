import { createHmac } from 'node:crypto';
import { subjectOf, toBinary, type DescMethod, type MessageShape } from '@conclave/contracts';
import { invalidArgument } from '@conclave/errors';
import { requirePrincipal, type CallContext } from '@conclave/messaging';
import { Idempotency, Transaction } from '@conclave/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { configToken, type Config } from '../config.js';

/** A call that may come twice. */
export interface RepeatableCall {
  /** What the client chose; undefined where it did not, and then every call is a new one. */
  readonly key: string | undefined;
  readonly userId: string;
  readonly method: string;
  readonly request: Uint8Array;
}

const keyShape = /^[\x21-\x7e]{1,128}$/;

/** The call as it came over the bus. */
export function repeatableCall<M extends DescMethod>(
  method: M,
  request: MessageShape<M['input']>,
  context: Pick<CallContext, 'principal' | 'idempotencyKey'>,
): RepeatableCall {
  const { idempotencyKey: key } = context;
  if (key !== undefined && !keyShape.test(key)) throw invalidArgument('Idempotency-Key');
  return {
    key,
    userId: requirePrincipal(context).userId,
    method: subjectOf(method),
    request: toBinary(method.input, request),
  };
}

/**
 * Calls that make something, once per key. Remembered is only the id of what was made, never the answer: texts and codes are
 * read again from where they lie sealed.
 */
@Injectable()
export class RepeatableCalls {
  constructor(
    private readonly idempotency: Idempotency,
    private readonly transaction: Transaction,
    @Inject(configToken) private readonly config: Pick<Config, 'TOKEN_PEPPER'>,
  ) {}

  /** The id of what this call made: `id`, or the earlier one where it is a repeat. CONFLICT where the key came with another request. */
  async once(em: EntityManager, call: RepeatableCall, id: string, make: () => Promise<void>): Promise<string> {
    const made = await this.idempotency.once(
      em,
      {
        key: call.key && this.keyed('key', Buffer.from(call.key)).toString('base64url'),
        principal: call.userId,
        method: call.method,
        // Keyed: a bare hash of a short message or a chosen code could be found by guessing.
        request: this.keyed('request', call.request),
      },
      async () => {
        await make();
        return Buffer.from(id);
      },
    );
    return Buffer.from(made).toString();
  }

  /** Forgets calls of more than a day ago. */
  async forget(): Promise<void> {
    await this.transaction.run((em) => this.idempotency.forget(em));
  }

  private keyed(label: string, value: Uint8Array): Buffer {
    return createHmac('sha256', this.config.TOKEN_PEPPER).update(`idempotency-${label}\0`).update(value).digest();
  }
}
