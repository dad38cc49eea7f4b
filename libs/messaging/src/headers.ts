/** Names of the headers that travel with a call on the bus. */
export const header = {
  principal: 'conclave-principal',
  /** Milliseconds that are left. A time of day would compare the clocks of two machines. */
  left: 'conclave-left',
  /** The same as a time of day, Unix milliseconds: for the release before, which knows no other. */
  deadline: 'conclave-deadline',
  correlation: 'conclave-correlation-id',
  idempotency: 'conclave-idempotency-key',
  trace: 'traceparent',
  error: 'conclave-error',
} as const;
