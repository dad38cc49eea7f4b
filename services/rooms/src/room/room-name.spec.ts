import { describe, expect, it } from '@jest/globals';
import { roomName } from './room-name.js';

describe('the name of a room', () => {
  it.each([
    ['  Board meeting ', 'Board meeting'],
    ['غرفة الاجتماعات', 'غرفة الاجتماعات'],
    ['👩‍👩‍👧‍👦 family', '👩‍👩‍👧‍👦 family'],
    ['Cafe\u0301', 'Caf\u00e9'],
    ['😀'.repeat(120), '😀'.repeat(120)],
  ])('%j becomes %j', (typed, name) => expect(roomName(typed)).toBe(name));

  it.each([
    ['empty', ''],
    ['only white space', ' \t '],
    ['nothing that shows', '\u200b\u3164'],
    ['a blank of Braille', 'Board\u2800'],
    ['a control character', 'a\u0000b'],
    ['a line break', 'a\nb'],
    ['a bidi override', 'invoice\u202efdp.exe'],
    ['a bidi isolate', 'a\u2066b'],
    ['a lone surrogate', 'a\ud800b'],
  ])('%s is refused', (_fact, typed) =>
    expect(() => roomName(typed)).toThrow(
      expect.objectContaining({ reason: 'INVALID_ARGUMENT', details: { field: 'name' } }),
    ),
  );
});
