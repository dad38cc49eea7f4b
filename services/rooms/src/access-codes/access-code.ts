import { invalidArgument } from '@conclave/errors';
import type { Ids } from '@conclave/platform';

// Crockford's alphabet has none of these; people read them as what they look like.
const lookAlikes: Readonly<Record<string, string>> = { o: '0', i: '1', l: '1', u: 'v' };

/** A new code of 60 bits in three groups of four, for reading aloud: `k7fm-2p9x-wq4d`. */
export const generateAccessCode = (ids: Ids): string => ids.code(3, 4);

/** What a code means, however it was typed: no case, no grouping, look-alikes resolved. */
export function canonicalAccessCode(typed: string): string {
  return [...typed.normalize('NFKC').toLowerCase()]
    .filter((character) => /[\p{L}\p{N}]/u.test(character))
    .map((character) => lookAlikes[character] ?? character)
    .join('');
}

const shortest = 8;
const longest = 64;

// A sign that would be dropped makes a code look stronger than it is; only what separates groups may be dropped.
const choosable = /^[\p{L}\p{N} ._-]+$/u;

/** A code an owner chose: at least 8 of 32 characters, which are 40 bits when chosen at random. */
export function chosenAccessCode(typed: string): string {
  if (!choosable.test(typed)) throw invalidArgument('accessCode');
  const canonical = canonicalAccessCode(typed);
  if (!/^[0-9a-hjkmnp-tv-z]+$/.test(canonical) || canonical.length < shortest || canonical.length > longest)
    throw invalidArgument('accessCode');
  return (canonical.match(/.{1,4}/g) ?? []).join('-');
}

/** Whether something typed could be a code at all; nothing else reaches the hash. */
export const looksLikeAccessCode = (typed: string): boolean => canonicalAccessCode(typed).length > 0;
