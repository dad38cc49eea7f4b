import { describe, expect, it } from '@jest/globals';
import { Sight } from './sight.js';

const at = (ms: number) => new Date(1_000_000 + ms);

describe('sight of a room', () => {
  it('is without a beginning where the media server never failed', () => {
    expect(new Sight(100).regain('a', at(0))).toBe(Infinity);
  });

  it('begins with the first answer after a silence, however long that was', () => {
    const sight = new Sight(100);
    sight.lose('a');
    expect(sight.regain('a', at(5_000))).toBe(0);
    expect(sight.regain('a', at(5_060))).toBe(60);
    expect(sight.regain('b', at(5_060))).toBe(Infinity);
  });

  it('begins anew when it is lost again, and is forgotten once it lasted', () => {
    const sight = new Sight(100);
    sight.lose('a');
    sight.regain('a', at(0));
    sight.lose('a');
    expect(sight.regain('a', at(90))).toBe(0);
    expect(sight.regain('a', at(191))).toBe(101);
    expect(sight.regain('a', at(192))).toBe(Infinity);
  });
});
