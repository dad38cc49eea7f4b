const RETRYABLE = new Set(['40001', '40P01']); // serialization_failure, deadlock_detected

/** Whether the same transaction may succeed when it runs again. */
export function isRetryable(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    const { code } = current as { code?: unknown };
    if (typeof code === 'string') return RETRYABLE.has(code);
  }
  return false;
}
