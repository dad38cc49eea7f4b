import fc from 'fast-check';
import { PAGER, stripOf } from './strip';

const stages = fc.record({ width: fc.integer({ min: 280, max: 2400 }), height: fc.integer({ min: 200, max: 1400 }) });

describe('the people beside what is presented', () => {
  it('fit into their strip with the buttons that turn its pages, and leave most of the stage', () => {
    fc.assert(
      fc.property(stages, fc.integer({ min: 1, max: 80 }), (stage, people) => {
        const { below, thickness, places, tile } = stripOf(stage, people);
        const shown = Math.min(people, places);
        const pager = people > places ? PAGER : 0;
        const along = below ? tile.width : tile.height;
        const length = shown * along + (shown - 1) * 10 + (below ? 0 : pager);
        if (shown > 1) expect(length).toBeLessThanOrEqual(below ? stage.width : stage.height);
        expect(below ? tile.height + pager : tile.width).toBeLessThanOrEqual(thickness);
        expect(thickness).toBeLessThan((below ? stage.height : stage.width) * 0.7);
      }),
    );
  });

  it('stand beside on a desk and lie below on a phone', () => {
    expect(stripOf({ width: 1416, height: 750 }, 5).below).toBe(false);
    expect(stripOf({ width: 374, height: 690 }, 5).below).toBe(true);
  });
});
