/** Names of the headers that travel with a call on the bus. */
export const header = {
  principal: 'conclave-principal',
  deadline: 'conclave-deadline',
  correlation: 'conclave-correlation-id',
  idempotency: 'conclave-idempotency-key',
  trace: 'traceparent',
  error: 'conclave-error',
} as const;
