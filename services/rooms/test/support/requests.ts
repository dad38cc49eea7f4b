import { ScalarType } from '@bufbuild/protobuf';
import { accessOf, create, services, subjectOf, toBinary, type DescMethod } from '@conclave/contracts';
import type { Bus } from '@conclave/messaging';
import type { Stage } from './stage.js';

/** Every method that rooms answers, read from the contract: a new one is in every spec that goes through them. */
export const methods: readonly DescMethod[] = services.rooms.flatMap((service) => service.methods);

/** The fields of a request that hold text. */
export const textFieldsOf = ({ input }: DescMethod): string[] =>
  input.fields
    .filter((field) => field.fieldKind === 'scalar' && field.scalar === ScalarType.STRING)
    .map(({ localName }) => localName);

/** What a request may carry, by field; what the method does not have is left out. */
export type Values = Readonly<Record<string, unknown>>;

/** Calls a method with some fields set, as whoever may call it; `ok` or the reason of the refusal. */
export async function callWith(
  stage: Pick<Stage, 'gateway' | 'neighbours'>,
  method: DescMethod,
  values: Values,
  headers: { principal?: string; key?: string } = {},
): Promise<string> {
  const known = new Set(method.input.fields.map(({ localName }) => localName));
  const init = Object.fromEntries(Object.entries(values).filter(([name]) => known.has(name)));
  const bus: Bus = accessOf(method).callers.includes('gateway') ? stage.gateway : stage.neighbours.filesBus;
  try {
    const reply = await bus.request(
      subjectOf(method),
      toBinary(method.input, create(method.input, init)),
      {
        ...(headers.principal && { 'conclave-principal': headers.principal }),
        ...(headers.key && { 'conclave-idempotency-key': headers.key }),
      },
      10_000,
    );
    return reply.headers?.get('conclave-error') || 'ok';
  } catch (error) {
    return (error as { reason?: string }).reason ?? String(error);
  }
}
