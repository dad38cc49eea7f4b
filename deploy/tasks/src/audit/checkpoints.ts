import type { Checkpoint } from '@conclave/audit';
import { OperatorError } from '@conclave/platform';

/** The services that keep a trail, each in its own database. */
export const audited = ['auth', 'rooms', 'files'] as const;

/** Name of one of them. */
export type AuditedService = (typeof audited)[number];

/** A checkpoint in one word, for keeping elsewhere: `rooms:57:9f86d0…`. */
export const writeCheckpoint = (service: AuditedService, { seq, hash }: Checkpoint): string =>
  `${service}:${seq}:${hash}`;

const shape = new RegExp(`^(${audited.join('|')}):([1-9]\\d{0,18}):([0-9a-f]{64})$`);

/** Reads what `writeCheckpoint` wrote at any earlier time, several with commas or white space between them. */
export function readCheckpoints(text: string): ReadonlyMap<AuditedService, readonly Checkpoint[]> {
  const found = new Map<AuditedService, Checkpoint[]>(audited.map((service) => [service, []]));
  for (const word of text.split(/[\s,]+/).filter(Boolean)) {
    const [, service, seq = '', hash = ''] = shape.exec(word) ?? [];
    if (!service)
      throw new OperatorError(
        'AUDIT_CHECKPOINTS: each is service:row:hash, as an earlier run of this check printed it.',
      );
    found.get(service as AuditedService)?.push({ seq: BigInt(seq), hash });
  }
  return found;
}
