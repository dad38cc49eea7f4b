import { DomainError, invalidArgument } from '@conclave/errors';
import type { Ids } from '@conclave/platform';
import { isWeakCode, withoutLookAlikes } from './weak-code.js';

/** A new code of 60 bits in three groups of four, for reading aloud: `k7fm-2p9x-wq4d`. */
export const generateAccessCode = (ids: Ids): string => ids.code(3, 4);

/** What was typed, without case and grouping. */
const plain = (typed: string): string =>
  [...typed.normalize('NFKC').toLowerCase()].filter((character) => /[\p{L}\p{N}]/u.test(character)).join('');

/** What a code means, however it was typed: no case, no grouping, look-alikes resolved. */
export const canonicalAccessCode = (typed: string): string => withoutLookAlikes(plain(typed));

const shortest = 8;
const longest = 64;

// A sign that would be dropped makes a code look stronger than it is; only what separates groups may be dropped.
const choosable = /^[\p{L}\p{N} ._-]+$/u;

/**
 * A code an owner chose: at least 8 of 32 characters, which are 40 bits when chosen at random, and none that would be guessed.
 *
 * @throws DomainError INVALID_ARGUMENT, ACCESS_CODE_WEAK
 */
export function chosenAccessCode(typed: string): string {
  if (!choosable.test(typed)) throw invalidArgument('accessCode');
  const canonical = canonicalAccessCode(typed);
  if (!/^[0-9a-hjkmnp-tv-z]+$/.test(canonical) || canonical.length < shortest || canonical.length > longest)
    throw invalidArgument('accessCode');
  if (isWeakCode([plain(typed), canonical]))
    throw new DomainError('ACCESS_CODE_WEAK', { details: { field: 'accessCode' } });
  return (canonical.match(/.{1,4}/g) ?? []).join('-');
}

/** Whether something typed could be a code at all; nothing else reaches the hash. */
export const looksLikeAccessCode = (typed: string): boolean => canonicalAccessCode(typed).length > 0;
