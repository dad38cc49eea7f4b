import { DomainError } from '@conclave/errors';
import { ObjectExists, ObjectMissing, StoreFull } from '../../objects/object-storage.js';

/** The store did not do what it was asked, or did not answer; `mayPass` when the same may well go through a moment later. */
export class StoreRefusal extends DomainError {
  constructor(
    message: string,
    readonly mayPass: boolean,
    cause?: unknown,
  ) {
    super('UNAVAILABLE', { message, ...(cause !== undefined && { cause }) });
  }
}

/** A store that is busy, starting or in trouble. */
const passing: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/** Codes that come with other statuses, or in an answer that began with 200: too slow, or damaged on its way. */
const passingCodes: ReadonlySet<string> = new Set([
  'RequestTimeout',
  'InternalError',
  'SlowDown',
  'ServiceUnavailable',
  'OperationAborted',
  'BadDigest',
  'InvalidDigest',
  'XAmzContentChecksumMismatch',
  'IncompleteBody',
]);

const fullCodes: ReadonlySet<string> = new Set(['XMinioStorageFull', 'InsufficientStorage', 'StorageFull']);

/** What a refusal means. `text` is the answer's body. */
export function refusalOf(status: number, text: string): Error {
  const code = /<Code>([A-Za-z]+)<\/Code>/.exec(text)?.[1] ?? '';
  if (status === 507 || fullCodes.has(code)) return new StoreFull();
  if (status === 404 && code !== 'NoSuchBucket') return new ObjectMissing();
  if (status === 412) return new ObjectExists();
  const mayPass = passing.has(status) || passingCodes.has(code);
  return new StoreRefusal(`object store answered ${status} ${code}`.trim(), mayPass);
}
