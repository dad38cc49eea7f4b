import { plural } from './plural';

const files = '{COUNT, plural, =0 {No files} =1 {One file of {NAME}} other {# files of {NAME}}}';

afterEach(() => document.documentElement.removeAttribute('lang'));

describe('counted words in code', () => {
  it('takes the exact branch before the category, and writes the number as the language does', () => {
    expect(plural(files, 0)).toBe('No files');
    expect(plural(files, 1, { NAME: 'Marta' })).toBe('One file of Marta');
    expect(plural(files, 1200, { NAME: 'Marta' })).toBe('1,200 files of Marta');
    document.documentElement.lang = 'de';
    expect(plural(files, 1200, { NAME: 'Marta' })).toBe('1.200 files of Marta');
  });

  it('knows the categories of the language of the page', () => {
    document.documentElement.lang = 'ar';
    const message = '{COUNT, plural, one {a} two {b} few {c} many {d} other {e}}';
    expect([1, 2, 3, 11, 100].map((count) => plural(message, count))).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('puts in a name that looks like a part of the message as it is', () => {
    expect(plural(files, 2, { NAME: '# {COUNT} }' })).toBe('2 files of # {COUNT} }');
  });
});
