import { DomainError, invalidArgument } from '@conclave/errors';
import { isCommonPassword } from '@conclave/platform';

const minLength = 8;
const maxLength = 256;

declare const brand: unique symbol;

/** A password as it is hashed: NFKC, at most 256 characters. */
export type Password = string & { readonly [brand]: 'Password' };

/**
 * A password as somebody typed it to prove themselves. NFKC (NIST SP 800-63B), so that the same keys on another
 * keyboard or system give the same bytes. Only the upper limit holds here, so that rules may grow stricter later.
 *
 * @throws DomainError INVALID_ARGUMENT for field `password`
 */
export function readPassword(typed: string): Password {
  const password = typed.normalize('NFKC');
  if (lengthOf(password) > maxLength) throw invalidArgument('password');
  return password as Password;
}

/**
 * A password that somebody chooses: long enough and not one of the common ones; no rules of composition.
 *
 * @throws DomainError PASSWORD_TOO_SHORT, PASSWORD_TOO_COMMON, INVALID_ARGUMENT
 */
export function chooseNewPassword(typed: string): Password {
  if (typed.length < minLength) throw tooShort();
  const password = readPassword(typed);
  if (lengthOf(password) < minLength) throw tooShort();
  if (isCommonPassword(password)) throw new DomainError('PASSWORD_TOO_COMMON', { details: { field: 'password' } });
  return password;
}

const tooShort = () =>
  new DomainError('PASSWORD_TOO_SHORT', { details: { field: 'password', minLength: String(minLength) } });

const lengthOf = (text: string): number => [...text].length;
