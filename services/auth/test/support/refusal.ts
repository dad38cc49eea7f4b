import { DomainError } from '@conclave/errors';

/** What a caller is told of a refusal. */
export interface Refusal {
  readonly reason: string;
  readonly details: Readonly<Record<string, string>>;
  readonly retryAfterSeconds: number | undefined;
}

/** The refusal that a call must end with; an answer fails the spec. */
export async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { reason: error.reason, details: { ...error.details }, retryAfterSeconds: error.retryAfterSeconds };
  }
  throw new Error('the call was answered, a refusal was expected');
}

/** Only the reason. */
export const reasonOf = async (call: Promise<unknown>): Promise<string> => (await refusalOf(call)).reason;
