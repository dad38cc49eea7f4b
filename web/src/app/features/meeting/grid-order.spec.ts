import { arrange, promote, withSelf } from './grid-order';

describe('the order of the grid', () => {
  it('is by arrival, and oneself closes the first page where one stands among the others', () => {
    expect(arrange([], ['a', 'b'])).toEqual(['a', 'b']);
    expect(withSelf(['a', 'b'], 'me', 6)).toEqual(['a', 'b', 'me']);
    expect(withSelf(['a', 'b', 'c', 'd'], 'me', 3)).toEqual(['a', 'b', 'me', 'c', 'd']);
    expect(withSelf(['a'], 'me', 1)).toEqual(['me', 'a']);
  });

  it('keeps everyone in place when somebody joins or leaves', () => {
    const before = arrange([], ['a', 'b', 'c']);
    expect(arrange(before, ['d', 'c', 'b', 'a'])).toEqual(['a', 'b', 'c', 'd']);
    expect(arrange(before, ['a', 'c'])).toEqual(['a', 'c']);
  });

  it('moves a speaker only from a page that is not shown, and only the longest silent one gives way', () => {
    const order = ['a', 'b', 'c', 'd'];
    const spoke = new Map([['a', 10]]);
    const lastSpoke = (id: string) => spoke.get(id) ?? 0;
    expect(promote(order, 'a', 2, lastSpoke)).toEqual(order);
    expect(promote(order, 'd', 2, lastSpoke)).toEqual(['a', 'd', 'c', 'b']);
    expect(promote(order, 'd', 0, lastSpoke)).toEqual(order);
  });
});
