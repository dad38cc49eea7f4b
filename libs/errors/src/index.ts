export { DomainError, invalidArgument, type DomainErrorOptions } from './domain-error.js';
export { errorReasons, isErrorReason, type ErrorReason } from './reasons.js';
export { reasonWords } from './words.js';
