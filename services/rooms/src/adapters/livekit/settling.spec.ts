import { describe, expect, it } from '@jest/globals';
import { Settling } from './settling.js';

describe('Settling', () => {
  it('begins settled, and a short silence changes nothing', () => {
    const settling = new Settling();
    expect(settling.settled(0)).toBe(true);
    settling.failed(1_000);
    expect(settling.settled(4_900)).toBe(true);
    settling.answered(4_900);
    expect(settling.settled(5_001)).toBe(true);
  });

  it('is not settled in a long silence, nor for ten seconds after the first answer', () => {
    const settling = new Settling();
    settling.failed(0);
    settling.failed(3_000);
    expect(settling.settled(5_000)).toBe(false);
    settling.answered(60_000);
    expect(settling.settled(60_000)).toBe(false);
    settling.answered(69_000);
    expect(settling.settled(69_999)).toBe(false);
    expect(settling.settled(70_000)).toBe(true);
  });

  it('waits again where the silence comes back meanwhile', () => {
    const settling = new Settling();
    settling.failed(0);
    settling.answered(60_000);
    settling.failed(62_000);
    expect(settling.settled(71_000)).toBe(false);
    settling.answered(71_000);
    expect(settling.settled(80_999)).toBe(false);
    expect(settling.settled(81_000)).toBe(true);
  });
});
