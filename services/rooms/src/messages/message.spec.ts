import { describe, expect, it } from '@jest/globals';
import { messageText } from './message.js';

describe('the text of a message', () => {
  it.each(['hello', 'line\nbreak\tand tab', 'שלום', '👩‍👩‍👧‍👦', '😀'.repeat(4_000)])('%#: may be said', (text) =>
    expect(messageText(text)).toBe(text.normalize('NFC')),
  );

  it.each([
    ['nothing', ''],
    ['white space', ' \n\t'],
    ['what looks like white space', '\u3164\u2800\u200b'],
    ['NUL', 'a\u0000'],
    ['a lone surrogate', '\udc00'],
  ])('%s is refused', (_fact, text) =>
    expect(() => messageText(text)).toThrow(expect.objectContaining({ reason: 'INVALID_ARGUMENT' })),
  );
});
