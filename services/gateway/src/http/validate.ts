import { invalidArgument } from '@conclave/errors';
import type { z } from 'zod';

/** A part of a request that fits its schema. @throws DomainError INVALID_ARGUMENT with the first field that does not fit */
export function fitting<Schema extends z.ZodType>(schema: Schema, value: unknown, whole: string): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidArgument(fieldOf(parsed.error.issues[0]) || whole);
}

/** Names of our own fields only: an unknown key was typed by the client and is not repeated. */
function fieldOf(issue: z.core.$ZodIssue | undefined): string {
  return issue?.path.map(String).join('.') ?? '';
}
