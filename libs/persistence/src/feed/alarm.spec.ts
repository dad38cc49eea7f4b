import { Alarm } from './alarm.js';

const quick = 5;
const long = 60_000;

describe('Alarm', () => {
  it('sleeps its time when nobody rings', async () => {
    expect(await new Alarm().sleep(quick)).toBe(false);
  });

  it('a ring ends the sleep', async () => {
    const alarm = new Alarm();
    setTimeout(() => alarm.ring(), quick);
    expect(await alarm.sleep(long)).toBe(true);
  });

  it('a ring before the sleep is not lost, and counts once', async () => {
    const alarm = new Alarm();
    alarm.ring();
    alarm.ring();
    expect(await alarm.sleep(long)).toBe(true);
    expect(await alarm.sleep(quick)).toBe(false);
  });

  it('a ring that may not end this sleep ends the next one', async () => {
    const alarm = new Alarm();
    setTimeout(() => alarm.ring(), 1);
    expect(await alarm.sleep(quick * 4, () => false)).toBe(false);
    expect(await alarm.sleep(long)).toBe(true);
  });
});
