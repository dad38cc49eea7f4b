import { ClockOffset } from './server-clock';

const HOUR = 3_600_000;
/** The server's clock, and a device an hour ahead of it that asks over a line of 40 ms each way. */
const at = (server: number) => ({ header: Math.floor(server / 1_000) * 1_000, asked: server + HOUR - 40 });

describe('the distance between two clocks', () => {
  it('is nothing before the server has answered', () => {
    expect(new ClockOffset().value).toBe(0);
  });

  it('is known to half a second after one answer', () => {
    const offset = new ClockOffset();
    const { header, asked } = at(1_700_000_000_300);
    offset.learn(header, asked, asked + 80);
    expect(Math.abs(offset.value + HOUR)).toBeLessThanOrEqual(540);
  });

  it('narrows with every answer, down to the length of the line', () => {
    const offset = new ClockOffset();
    for (let i = 0; i < 60; i++) {
      const { header, asked } = at(1_700_000_000_000 + i * 1_370);
      offset.learn(header, asked, asked + 80);
    }
    expect(Math.abs(offset.value + HOUR)).toBeLessThanOrEqual(60);
  });

  it('follows the device when somebody sets its clock', () => {
    const offset = new ClockOffset();
    offset.learn(1_700_000_000_000, 1_700_000_000_100, 1_700_000_000_200);
    offset.learn(1_700_000_010_000, 1_700_000_010_000 + HOUR, 1_700_000_010_100 + HOUR);
    expect(Math.abs(offset.value + HOUR)).toBeLessThanOrEqual(550);
  });

  it('takes nothing from a header that is no date, nor from a clock set back while it asked', () => {
    const offset = new ClockOffset();
    offset.learn(Number.NaN, 0, 10);
    offset.learn(1_700_000_000_000, 20, 10);
    expect(offset.value).toBe(0);
  });
});
