import { namesakesOf } from './namesakes';

describe('people of one name', () => {
  const told = (...people: [string, string][]) =>
    Object.fromEntries(namesakesOf(people.map(([id, name]) => ({ id, name }))));

  it('are told apart by a number, the first account by none', () =>
    expect(told(['b', 'Anna'], ['a', 'Anna'], ['c', 'Tom'], ['d', 'anna '])).toEqual({ b: '2', d: '3' }));

  it('are those whom a reader takes for one', () =>
    expect(told(['a', 'Anna Berg'], ['b', 'ＡＮＮＡ\u00a0Berg'], ['c', 'An\u200bna Berg'])).toEqual({
      b: '2',
      c: '3',
    }));

  it('are not one person who is there twice', () => expect(told(['a', 'Anna'], ['a', 'Anna'])).toEqual({}));
});
