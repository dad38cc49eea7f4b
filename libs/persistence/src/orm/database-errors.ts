const UNIQUE_VIOLATION = '23505';
const RETRYABLE = new Set(['40001', '40P01']); // serialization_failure, deadlock_detected

/** The SQLSTATE somewhere down the causes, with the constraint it names. */
function stateOf(error: unknown): { code: string; constraint?: string } | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    const { code, constraint } = current as { code?: unknown; constraint?: unknown };
    if (typeof code !== 'string') continue;
    return { code, ...(typeof constraint === 'string' && { constraint }) };
  }
  return undefined;
}

/** Whether a row existed already; give the constraint when a table has more than one, to answer with the right fact. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const state = stateOf(error);
  return state?.code === UNIQUE_VIOLATION && (constraint === undefined || state.constraint === constraint);
}

/** Whether the same transaction may succeed when it runs again. */
export const isRetryable = (error: unknown): boolean => RETRYABLE.has(stateOf(error)?.code ?? '');
