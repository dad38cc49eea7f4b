import fc from 'fast-check';
import { fills, gridShape, MOST_CUT, TILE_BOUNDS, tileSize, type Posture } from './grid-shape';

const rooms = fc.record({
  count: fc.integer({ min: 1, max: 12 }),
  room: fc.record({ width: fc.integer({ min: 280, max: 2600 }), height: fc.integer({ min: 180, max: 1500 }) }),
  gap: fc.constantFrom(8, 10),
  posture: fc.constantFrom<Posture>('lying', 'standing'),
});

describe('the shape of the grid', () => {
  it('holds everyone, inside the room, in tiles of the shape of a picture', () => {
    fc.assert(
      fc.property(rooms, ({ count, room, gap, posture }) => {
        const shape = gridShape(count, room, gap, posture);
        const { width, height } = tileSize(shape, room, gap, posture);
        expect(shape.columns * shape.rows).toBeGreaterThanOrEqual(count);
        expect(shape.columns * (shape.rows - 1)).toBeLessThan(count);
        expect(width * shape.columns + gap * (shape.columns - 1)).toBeLessThanOrEqual(room.width);
        expect(height * shape.rows + gap * (shape.rows - 1)).toBeLessThanOrEqual(room.height);
        const { least, most } = TILE_BOUNDS[posture];
        // Whole pixels: a small tile may miss its bound by one.
        expect((width + 1) / height).toBeGreaterThanOrEqual(least);
        expect((width - 1) / (height + 1)).toBeLessThanOrEqual(most);
      }),
    );
  });

  it('has tiles nearly as large as any shape could have', () => {
    fc.assert(
      fc.property(rooms, ({ count, room, gap, posture }) => {
        const best = tileSize(gridShape(count, room, gap, posture), room, gap, posture);
        for (let columns = 1; columns <= count; columns++) {
          const other = tileSize({ columns, rows: Math.ceil(count / columns) }, room, gap, posture);
          expect(best.width * best.height).toBeGreaterThanOrEqual(0.75 * other.width * other.height);
        }
      }),
    );
  });

  it('cuts no more than a tenth of a camera that lies, whatever the room', () => {
    fc.assert(
      fc.property(rooms, ({ count, room, gap }) => {
        const { width, height } = tileSize(gridShape(count, room, gap), room, gap);
        fc.pre(height > 60);
        expect(fills(16 / 9, width / height)).toBe(true);
      }),
    );
  });

  it('is three by two for six on a desk and two by three on a phone', () => {
    expect(gridShape(6, { width: 1400, height: 760 }, 10)).toEqual({ columns: 3, rows: 2 });
    expect(gridShape(6, { width: 374, height: 700 }, 8)).toEqual({ columns: 2, rows: 3 });
  });

  it('stands two people side by side on a desk and one above the other on a phone', () => {
    expect(gridShape(2, { width: 1400, height: 760 }, 10)).toEqual({ columns: 2, rows: 1 });
    expect(gridShape(2, { width: 374, height: 700 }, 8)).toEqual({ columns: 1, rows: 2 });
  });
});

describe('a picture in a tile', () => {
  it('fills it only where at most a tenth is cut away', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.4, max: 2.5, noNaN: true }),
        fc.double({ min: 0.4, max: 2.5, noNaN: true }),
        (p, t) => {
          const cut = 1 - Math.min(p / t, t / p);
          if (fills(p, t)) expect(cut).toBeLessThanOrEqual(MOST_CUT + 0.01);
          else expect(cut).toBeGreaterThan(MOST_CUT);
        },
      ),
    );
  });

  it('is whole where a phone stands in a tile that lies, and the other way round', () => {
    expect(fills(9 / 16, 1.6)).toBe(false);
    expect(fills(16 / 9, 0.75)).toBe(false);
    expect(fills(3 / 4, 0.75)).toBe(true);
  });
});
