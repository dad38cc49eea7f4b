import { visibleName } from '@conclave/contracts/visible';
import { invalidArgument } from '@conclave/errors';

declare const brand: unique symbol;

/** The name others see: 1 to 80 code points, all of it to be seen. */
export type DisplayName = string & { readonly [brand]: 'DisplayName' };

/**
 * Reads a name as typed. Emoji and right-to-left letters are fine.
 *
 * @throws DomainError INVALID_ARGUMENT for field `displayName`
 */
export function readDisplayName(typed: string): DisplayName {
  const name = visibleName(typed);
  if (name === null) throw invalidArgument('displayName');
  return name as DisplayName;
}
