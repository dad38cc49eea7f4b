import { describe, expect, it } from '@jest/globals';
import { commonPasswords, Ids, SystemClock } from '@conclave/platform';
import fc from 'fast-check';
import { chosenAccessCode, generateAccessCode } from './access-code.js';

const weak = expect.objectContaining({ reason: 'ACCESS_CODE_WEAK', details: { field: 'accessCode' } });
const refused = (typed: string): boolean => {
  try {
    chosenAccessCode(typed);
    return false;
  } catch {
    return true;
  }
};

describe('a chosen access code', () => {
  it.each([
    [
      'a common password',
      ['12345678', 'password', 'PassWord', 'passw0rd', 'iloveyou', 'football', 'pass-word', 'Trustno1'],
    ],
    ['one with a number behind it', ['password1', 'football2024', 'password-99', '1baseball']],
    ['a run', ['abcdefgh', 'hgfedcba', '87654321', '23456789', 'abcd1234', '1234abcd', 'abcdwxyz', '01234567890']],
    [
      'a row of keys',
      ['qwertyui', 'asdfghjk', 'qwer1234', 'qwertz123', 'azertyuiop', '1qaz2wsx', 'zxcvbnm1', 'poiuytre'],
    ],
    [
      'a repetition',
      ['aaaaaaaa', '11111111', 'abababab', 'abcabcabc', '11221122', 'k7fm-k7fm', 'k7fm-k7fm-k7fm', 'aaaabbbb'],
    ],
    [
      'a date',
      ['19900101', '01011990', '2024-12-31', '31.12.2024', '12312024', 'may 2024 may', 'june2024', '24december2024'],
    ],
    ['too few digits', ['73920184', '7392018465']],
  ])('that is %s is refused', (_kind, codes) => {
    for (const code of codes) expect(() => chosenAccessCode(code)).toThrow(weak);
  });

  it.each(['blue-harb-or99', 'k7fm-2p9x', 'wintergarden 7 owls', 'Nebel.Kaffee.Taube', '739201846503', 'x7b2qm9d'])(
    'like %j is taken',
    (code) => expect(refused(code)).toBe(false),
  );

  it('is never on the list of passwords that are tried first, in any spelling', () => {
    const letters = [...commonPasswords()].filter((password) => /^[a-z0-9]{8,}$/.test(password));
    fc.assert(
      fc.property(
        fc.constantFrom(...letters),
        fc.nat(),
        fc.constantFrom('', '-', ' ', '.'),
        (password, seed, between) => {
          const typed = [...password]
            .map((character, i) => ((seed >> (i % 30)) & 1 ? character.toUpperCase() : character))
            .join(between);
          expect(refused(typed)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('never repeats, and is never one run', () => {
    const character = fc.constantFrom(...'0123456789abcdefghjkmnpqrstvwxyz');
    const block = fc.array(character, { minLength: 1, maxLength: 4 }).map((characters) => characters.join(''));
    fc.assert(
      fc.property(block, fc.integer({ min: 8, max: 20 }), (unit, length) => {
        expect(refused(unit.repeat(length).slice(0, length))).toBe(true);
      }),
    );
    fc.assert(
      fc.property(
        fc.constantFrom('abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop'),
        fc.nat(20),
        fc.boolean(),
        (row, from, back) => {
          const run = row.slice(Math.min(from, row.length - 8)).slice(0, 9);
          expect(refused(back ? [...run].reverse().join('') : run)).toBe(true);
        },
      ),
    );
  });

  it('is never a date', () => {
    const day = fc.date({ min: new Date('1900-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(day, fc.constantFrom('', '-', '.', ' '), (date, between) => {
        const [year = '', month = '', dayOfMonth = ''] = date.toISOString().slice(0, 10).split('-');
        for (const parts of [
          [year, month, dayOfMonth],
          [dayOfMonth, month, year],
          [month, dayOfMonth, year],
        ])
          expect(refused(parts.join(between))).toBe(true);
      }),
    );
  });

  it('may be any that we would have made', () => {
    const ids = new Ids(new SystemClock());
    for (let i = 0; i < 500; i++) expect(refused(generateAccessCode(ids))).toBe(false);
  });
});
