import { isPermission, permissions, timestampDate, type Permission, type Timestamp } from '@conclave/contracts';
import { z } from 'zod';

/** The part of a link that names a room. */
export const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);

/** UUIDv7 of anything. */
export const id = z.uuid();

/** An admission. */
export const joinId = z.string().regex(/^[A-Za-z0-9_-]{16,64}$/);

/** RFC 3339, UTC. */
export const time = z.iso.datetime();

/** Query of a list that goes on with `after`. */
export const page = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  after: z.string().max(512).default(''),
});

/** A list; `next` is the cursor of the next page. */
export const list = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({ items: z.array(item), next: z.string().nullable() });

/** A person as others see them. */
export const person = z.strictObject({ id, displayName: z.string() }).meta({ id: 'Person' });

/** What the caller may do with a thing; see docs/permissions.md. */
export const can = z.array(z.enum(permissions as [Permission, ...Permission[]]));

/** The permissions of an answer; words that only a newer service knows are left out. */
export const permissionsIn = (wire: readonly string[]): Permission[] => wire.filter(isPermission);

/** A protobuf time as the API writes it; one that a service left out is a bug of ours. */
export function instant(value: Timestamp | undefined): string {
  if (!value) throw new TypeError('a time is missing in an answer');
  return timestampDate(value).toISOString();
}

/** A protobuf time that may be absent. */
export const instantOrNull = (value: Timestamp | undefined): string | null => (value ? instant(value) : null);

/** A message that must be there; one that a service left out is a bug of ours. */
export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('a part is missing in an answer');
  return value;
}

/** Cursors are empty on the bus and null in the API. */
export const cursor = (next: string): string | null => (next === '' ? null : next);

/** A refusal, as RFC 9457 says it. */
export const problem = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    reason: z.string(),
    correlationId: z.string(),
    retryAfter: z.number().int().optional(),
    details: z.record(z.string(), z.string()).optional(),
  })
  .meta({ id: 'Problem' });
