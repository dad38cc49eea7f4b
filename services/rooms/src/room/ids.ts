import { invalidArgument } from '@conclave/errors';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a string from outside may be compared with a uuid column. */
export const isUuid = (value: string): boolean => uuid.test(value);

/** Whether a string from outside may be a join id of ours: 128 bits in hex. */
export const isJoinId = (value: string): boolean => /^[0-9a-f]{32}$/.test(value);

/** Whether a string from outside may be a room's link; anything else need not reach the database. */
export const isSlug = (value: string): boolean => /^[a-z0-9-]{8,64}$/.test(value);

/** Size of a page: 0 means 50; more than 100 is refused. */
export function pageSize(limit: number): number {
  if (limit > 100) throw invalidArgument('limit');
  return limit === 0 ? 50 : limit;
}

/** A cursor that is the id of the last row; empty means from the start. */
export function idCursor(value: string, field: string): string | null {
  if (value === '') return null;
  if (!isUuid(value)) throw invalidArgument(field);
  return value;
}
