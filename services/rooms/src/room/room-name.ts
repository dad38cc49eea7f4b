import { invalidArgument } from '@conclave/errors';

// Cc and Cs cannot be shown; the bidi controls of UAX #9 let a name pose as another in a list.
const forbidden = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/u;

/** Something a reader can see: not a space, mark, format or other character that shows as nothing. */
const visible = /[^\p{Z}\p{C}\p{M}\p{Default_Ignorable_Code_Point}]/u;

/** A name as a room may carry it: NFC, trimmed, 1 to 120 code points, one of them visible, no control characters or bidi overrides. */
export function roomName(typed: string): string {
  const name = typed.normalize('NFC').trim();
  if (forbidden.test(name) || !visible.test(name)) throw invalidArgument('name');
  return name;
}
