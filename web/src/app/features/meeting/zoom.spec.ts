import fc from 'fast-check';
import { MOST, pan, WHOLE, zoomAt, type Look } from './zoom';

const box = { width: 1200, height: 700 };
const inBox = fc.record({ x: fc.integer({ min: -600, max: 600 }), y: fc.integer({ min: -350, max: 350 }) });
const factor = fc.double({ min: 0.1, max: 10, noNaN: true });

const within = ({ scale, x, y }: Look) => {
  expect(scale).toBeGreaterThanOrEqual(1);
  expect(scale).toBeLessThanOrEqual(MOST);
  expect(Math.abs(x)).toBeLessThanOrEqual(((scale - 1) * box.width) / 2 + 1e-6);
  expect(Math.abs(y)).toBeLessThanOrEqual(((scale - 1) * box.height) / 2 + 1e-6);
};

describe('a look at a presented screen', () => {
  it('never leaves the screen, however it is magnified and moved', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(factor, inBox, inBox), { maxLength: 12 }), (steps) => {
        let look = WHOLE;
        for (const [by, point, move] of steps) {
          look = zoomAt(look, look.scale * by, point, box);
          within(look);
          look = pan(look, move.x, move.y, box);
          within(look);
        }
      }),
    );
  });

  it('keeps what lies under the pointer there while it grows', () => {
    fc.assert(
      fc.property(inBox, fc.double({ min: 1, max: MOST, noNaN: true }), (point, scale) => {
        const look = zoomAt(WHOLE, scale, point, box);
        // The place of the screen that was under the pointer, where it is now.
        expect(point.x * look.scale + look.x).toBeCloseTo(point.x, 3);
        expect(point.y * look.scale + look.y).toBeCloseTo(point.y, 3);
      }),
    );
  });

  it('is whole again when it is made small', () => {
    expect(zoomAt(zoomAt(WHOLE, 4, { x: 300, y: -200 }, box), 0.2, { x: 0, y: 0 }, box)).toEqual(WHOLE);
  });
});
