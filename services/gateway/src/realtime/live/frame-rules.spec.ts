import { liveChannels, liveFrame } from '@conclave/contracts/live';
import { FrameBudget, ruleOf } from './frame-rules.js';

const { awareness, control } = liveChannels;

describe('rules of live frames', () => {
  it.each([
    ['awareness', [4, 1, 1], { permission: 'chat.write', mostBytes: 64 }],
    ['an ask', [4, 2], { permission: 'chat.read', mostBytes: 0 }],
    ['a ping', [0, 1], { mostBytes: 0 }],
  ])('know %s', (_name, bytes, rule) => expect(ruleOf(Buffer.from(bytes))).toMatchObject(rule));

  it.each([
    ['nothing', []],
    ['a channel alone', [4]],
    ['ink, which nobody speaks yet', [1, 1]],
    ['a farewell, which only gateways say', [4, 3]],
    ['a pong', [0, 2]],
    ['what gateways say to each other', [0, 3]],
    ['a channel of nobody', [200, 1]],
  ])('do not know %s', (_name, bytes) => expect(ruleOf(Buffer.from(bytes))).toBeUndefined());

  it('are met by what a browser makes', () => {
    expect(ruleOf(Buffer.from(liveFrame(awareness, 1, [1])))).toBeDefined();
  });
});

describe('the budget of a socket', () => {
  it('holds a burst, drops what is more, gives back with time, and ends with a flood', () => {
    let now = 0;
    const budget = new FrameBudget(() => now);
    const take = (count: number) => Array.from({ length: count }, () => budget.take(awareness));
    expect(take(80)).toEqual(Array(80).fill('ok'));
    expect(take(2)).toEqual(['too many', 'too many']);
    expect(budget.take(control)).toBe('ok');
    now = 1_000;
    expect(take(39)).toEqual([...Array<string>(38).fill('ok'), 'too many']);
    expect(new Set(take(398))).toEqual(new Set(['too many']));
    expect(budget.take(awareness)).toBe('flood');
  });
});
