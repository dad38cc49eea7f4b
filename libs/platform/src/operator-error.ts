/**
 * A failure whose message is written for the operator and holds nothing a person typed and no secret: the one kind of
 * error, beside `DomainError`, whose words may appear in a log.
 */
export class OperatorError extends Error {
  override readonly name: string = 'OperatorError';
}
