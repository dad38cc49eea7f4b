import { arrange, promote } from './grid-order';
import { gridShape } from './grid-shape';

describe('the order of the grid', () => {
  it('is by arrival, with oneself closing the first page', () => {
    expect(arrange([], ['a', 'b', 'me'], 'me', 6)).toEqual(['a', 'b', 'me']);
    expect(arrange([], ['a', 'b', 'c', 'd', 'me'], 'me', 3)).toEqual(['a', 'b', 'me', 'c', 'd']);
  });

  it('keeps everyone in place when somebody joins or leaves', () => {
    const before = arrange([], ['a', 'b', 'c', 'me'], 'me', 6);
    expect(arrange(before, ['d', 'c', 'b', 'a', 'me'], 'me', 6)).toEqual(['a', 'b', 'c', 'd', 'me']);
    expect(arrange(before, ['a', 'c', 'me'], 'me', 6)).toEqual(['a', 'c', 'me']);
  });

  it('moves a speaker only from a page that is not shown, and only the longest silent one gives way', () => {
    const order = ['a', 'b', 'me', 'c', 'd'];
    const spoke = new Map([['a', 10]]);
    const lastSpoke = (id: string) => spoke.get(id) ?? 0;
    expect(promote(order, 'a', 'me', 3, lastSpoke)).toEqual(order);
    expect(promote(order, 'd', 'me', 3, lastSpoke)).toEqual(['a', 'd', 'me', 'c', 'b']);
  });
});

describe('the shape of the grid', () => {
  it('holds everyone', () => {
    for (let count = 1; count <= 12; count++) {
      const { columns, rows } = gridShape(count, 1400, 760);
      expect(columns * rows).toBeGreaterThanOrEqual(count);
    }
  });

  it('is three by two for six on a desk and two by three on a phone', () => {
    expect(gridShape(6, 1400, 760)).toEqual({ columns: 3, rows: 2 });
    expect(gridShape(6, 374, 700)).toEqual({ columns: 2, rows: 3 });
  });

  it('stands two people side by side on a desk and one above the other on a phone', () => {
    expect(gridShape(2, 1400, 760)).toEqual({ columns: 2, rows: 1 });
    expect(gridShape(2, 374, 700)).toEqual({ columns: 1, rows: 2 });
  });
});
