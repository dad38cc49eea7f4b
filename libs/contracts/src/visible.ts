// What a reader can see of a text: one rule for the names of people, rooms and files and for messages, here and in the web app. Needs
// nothing, so that the web app takes it without the rest of the contract.

/** What shows as nothing, as a blank that is no space, or turns the text around it; and what is no text at all. */
const hidden =
  '[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}\\u061c\\u200e\\u200f\\u2800\\ufff9-\\ufffc\\u{13430}-\\u{13440}\\u{1d159}]';

/** Scripts in which a joiner or its opposite changes how a word is written. */
const joined = `[${[
  ...[
    'Arabic',
    'Syriac',
    'Mongolian',
    'Nko',
    'Devanagari',
    'Bengali',
    'Gurmukhi',
    'Gujarati',
    'Oriya',
    'Tamil',
    'Telugu',
  ],
  ...['Kannada', 'Malayalam', 'Sinhala', 'Khmer', 'Myanmar', 'Tibetan', 'Javanese', 'Balinese'],
]
  .map((script) => `\\p{Script=${script}}`)
  .join('')}\\p{M}]`;

/** Where a hidden character is needed: within words of those scripts, within emoji and flags, to choose a shape. */
const needed = [
  `(?<=${joined})[\\u200c\\u200d](?=${joined})`,
  '(?<=[\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\ufe0f])\\u200d(?=\\p{Extended_Pictographic})',
  '(?<=[\\p{S}\\p{Extended_Pictographic}])[\\ufe00-\\ufe0f]',
  '(?<=[0-9#*])\\ufe0f(?=\\u20e3)',
  '(?<=\\p{Script=Han})[\\ufe00-\\ufe0d\\u{e0100}-\\u{e01ef}]',
  '(?<=\\p{Script=Mongolian})[\\u180b-\\u180d\\u180f]',
  '(?<=\\u{1f3f4}[\\u{e0020}-\\u{e007e}]*)[\\u{e0020}-\\u{e007f}]',
].join('|');

const directionMarks = '[\\u061c\\u200e\\u200f]';
const rightToLeft =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\p{Script=Samaritan}\p{Script=Mandaic}\p{Script=Hanifi_Rohingya}]/u;

const strict = new RegExp(`(${needed})|${hidden}`, 'gu');
/** In a text that runs from right to left a mark says where a number or a bracket belongs. */
const withMarks = new RegExp(`(${needed}|${directionMarks})|${hidden}`, 'gu');

const visible = /[^\p{Z}\p{C}\p{M}\p{Default_Ignorable_Code_Point}\u2800\ufffc\u{1d159}]/u;

/** Whether a reader sees anything of it. */
export const isVisible = (text: string): boolean => visible.test(text);

/** The text without what hides in it. */
export function withoutHidden(text: string): string {
  return text.replace(rightToLeft.test(text) ? withMarks : strict, (_found, keep?: string) => keep ?? '');
}

/**
 * A name as it is kept: composed, one plain space where spaces stand, none at its ends. Null for what is no name: nothing of it is seen,
 * or something in it is not, so that two names could look like one.
 */
export function visibleName(typed: string): string | null {
  const name = typed
    .normalize('NFC')
    .replace(/\p{Zs}+/gu, ' ')
    .trim();
  return isVisible(name) && withoutHidden(name) === name ? name : null;
}

/** The same for two names that a reader takes for one. */
export const nameKey = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{Default_Ignorable_Code_Point}\u2800]+/gu, '');
