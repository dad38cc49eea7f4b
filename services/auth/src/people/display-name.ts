import { invalidArgument } from '@conclave/errors';

/** Control characters, line and paragraph separators, unpaired surrogates; none belongs into a name. */
const forbidden = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u;

/** Embeddings, overrides and isolates of UAX #9: they turn the text around a name, so a name could forge its neighbours. */
const bidiFormatting = /[\u202a-\u202e\u2066-\u2069]/u;

/** Something a reader can see: not a space, mark, format or other character that shows as nothing. */
const visible = /[^\p{Z}\p{C}\p{M}\p{Default_Ignorable_Code_Point}]/u;

declare const brand: unique symbol;

/** The name others see: NFC, trimmed, 1 to 80 code points, at least one of them visible. */
export type DisplayName = string & { readonly [brand]: 'DisplayName' };

/**
 * Reads a name as typed. Emoji and right-to-left letters are fine.
 *
 * @throws DomainError INVALID_ARGUMENT for field `displayName`
 */
export function readDisplayName(typed: string): DisplayName {
  const name = typed.normalize('NFC').trim();
  if (forbidden.test(name) || bidiFormatting.test(name) || !visible.test(name)) throw invalidArgument('displayName');
  return name as DisplayName;
}
