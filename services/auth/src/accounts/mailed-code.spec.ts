import { newMailedCode, readMailedCode } from './mailed-code.js';

describe('a mailed code', () => {
  it('has six digits, noughts in front too', () => {
    for (let i = 0; i < 200; i++) expect(newMailedCode()).toMatch(/^\d{6}$/);
  });

  it.each([
    ['012345', '012345'],
    [' 012 345 ', '012345'],
    ['012-345', '012345'],
    ['٠١٢٣٤٥', '012345'],
    ['۰۱۲۳۴۵', '012345'],
    ['０１２３４５', '012345'],
    ['12345', ''],
    ['1234567', ''],
    ['12345a', ''],
    ['', ''],
  ])('is read as people type it: %s', (typed, code) => expect(readMailedCode(typed)).toBe(code));
});
