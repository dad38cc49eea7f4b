import {
  accessOf,
  common,
  fromBinary,
  reasonFromWire,
  services,
  subjectOf,
  type DescMethod,
} from '@conclave/contracts';
import type { Bus } from '@conclave/messaging';

/** Every method that auth answers. */
export const methods: readonly DescMethod[] = services.auth.flatMap((service) => service.methods);

/** Those that a person must stand behind. */
export const personMethods = methods.filter((method) => accessOf(method).auth === common.AuthMode.PERSON);

/** A service that may call the method. */
export const callerOf = (method: DescMethod) => accessOf(method).callers[0] as 'gateway' | 'rooms';

/** Bytes as they are, in a person's name or in none; `ok` or the reason of the refusal. */
export async function callWithBytes(
  bus: Bus,
  method: DescMethod,
  bytes: Uint8Array,
  principal?: string,
): Promise<string> {
  const headers: Record<string, string> = principal === undefined ? {} : { 'conclave-principal': principal };
  const reply = await bus.request(subjectOf(method), bytes, headers, 25_000);
  if (!reply.headers?.has('conclave-error')) return 'ok';
  return reasonFromWire(fromBinary(common.ErrorReplySchema, reply.data).reason);
}

/** Names of the services in the contract of auth, so that a spec notices a new one. */
export const serviceNames = services.auth.map(({ name }) => name).sort();
