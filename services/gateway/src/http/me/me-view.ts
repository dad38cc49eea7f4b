import type { auth } from '@conclave/contracts';
import { z } from 'zod';
import { id, instant, present, time } from '../schemas.js';

/** A person as they see themselves. */
export const me = z
  .strictObject({ id, email: z.string(), emailVerified: z.boolean(), displayName: z.string(), createdAt: time })
  .meta({ id: 'Me' });

export function meView(account: auth.Account | undefined): z.input<typeof me> {
  const { id, email, emailVerified, displayName, createdAt } = present(account);
  return { id, email, emailVerified, displayName, createdAt: instant(createdAt) };
}

/** Lengths are bounded here so that nothing huge travels; what is allowed, auth decides. */
export const displayName = z.string().min(1).max(320);
export const email = z.string().min(1).max(320);
export const password = z.string().min(1).max(1024);
