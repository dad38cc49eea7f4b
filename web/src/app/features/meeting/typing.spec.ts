import { jest } from '@jest/globals';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { LiveSocket, type LiveListener } from '../../core/live/live-socket';
import { MeetingRoom } from './meeting-room';
import { Typing } from './typing';

const [state, ask, gone] = [1, 2, 3];
const people = [
  { joinId: `0000000a${'0'.repeat(24)}`, name: 'Anna', local: false },
  { joinId: `0000000b${'0'.repeat(24)}`, name: 'Bo', local: false },
  { joinId: `0000000c${'0'.repeat(24)}`, name: 'Me', local: true },
];
const [anna, bo] = [0xa, 0xb];

function open(order: 'begun first' | 'shown first' = 'begun first') {
  const sent: number[][] = [];
  const opened: string[] = [];
  let listener: LiveListener | undefined;
  const live = {
    open: (slug: string, joinId: string, heard: LiveListener) => {
      opened.push(`${slug} ${joinId}`);
      listener = heard;
    },
    send: (channel: number, op: number, body: readonly number[] = []) => void sent.push([channel, op, ...body]),
    close: () => void (listener = undefined),
  };
  TestBed.configureTestingModule({
    providers: [
      Typing,
      { provide: LiveSocket, useValue: live },
      { provide: MeetingRoom, useValue: { participants: signal(people) } },
    ],
  });
  const typing = TestBed.inject(Typing);
  if (order === 'shown first') typing.watch();
  typing.begin('board-room', 'me');
  if (order === 'begun first') typing.watch();
  listener?.connected();
  const hear = (sender: number, op: number, ...body: number[]) =>
    listener?.frame({ sender, channel: 4, op, body: Uint8Array.from(body) });
  return { typing, sent, opened, hear, again: () => listener?.connected() };
}

describe('typing', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('opens the live socket once, for this admission, and asks who is typing already', () => {
    const { typing, opened, sent } = open();
    typing.watch();
    expect(opened).toEqual(['board-room me']);
    expect(sent).toEqual([[4, ask]]);
  });

  it('opens it too where the chat is shown before media stands', () => {
    expect(open('shown first').opened).toEqual(['board-room me']);
  });

  it('names the others who are typing until they stop, leave or fall silent', () => {
    const { typing, hear } = open();
    hear(bo, state, 1);
    hear(anna, state, 1);
    expect(typing.names()).toEqual(['Bo', 'Anna']);
    hear(bo, state, 0);
    expect(typing.names()).toEqual(['Anna']);
    jest.advanceTimersByTime(5_000);
    hear(anna, state, 1);
    jest.advanceTimersByTime(5_999);
    expect(typing.names()).toEqual(['Anna']);
    jest.advanceTimersByTime(1);
    expect(typing.names()).toEqual([]);
    hear(anna, state, 1);
    hear(anna, gone);
    expect(typing.names()).toEqual([]);
  });

  it('believes neither a stranger nor a frame that says nothing', () => {
    const { typing, hear } = open();
    hear(0xdead, state, 1);
    hear(anna, state);
    hear(anna, 9, 1);
    hear(0xc, state, 1);
    expect(typing.names()).toEqual([]);
  });

  it('tells the others now and then while one types, and once that one has stopped', () => {
    const { typing, sent } = open();
    sent.length = 0;
    for (let i = 0; i < 10; i++) {
      typing.typed();
      jest.advanceTimersByTime(300);
    }
    expect(sent).toEqual([
      [4, state, 1],
      [4, state, 1],
    ]);
    typing.stopped();
    typing.stopped();
    expect(sent.slice(2)).toEqual([[4, state, 0]]);
    typing.typed();
    jest.advanceTimersByTime(4_000);
    expect(sent.slice(3)).toEqual([
      [4, state, 1],
      [4, state, 0],
    ]);
  });

  it('answers a newcomer only while one types, and says it again when the socket stands again', () => {
    const { typing, sent, hear, again } = open();
    sent.length = 0;
    hear(anna, ask);
    expect(sent).toEqual([]);
    typing.typed();
    hear(anna, ask);
    again();
    expect(sent).toEqual([
      [4, state, 1],
      [4, state, 1],
      [4, ask],
      [4, state, 1],
    ]);
  });

  it('forgets everybody when the socket stands again, for who has left meanwhile is not told', () => {
    const { typing, hear, again } = open();
    hear(anna, state, 1);
    again();
    expect(typing.names()).toEqual([]);
  });

  it('is read out once and then not again for a while', () => {
    const { typing, hear } = open();
    hear(anna, state, 1);
    expect(typing.quiet()).toBe(false);
    hear(bo, state, 1);
    expect(typing.quiet()).toBe(true);
    for (const sender of [anna, bo]) hear(sender, state, 0);
    hear(anna, state, 1);
    expect(typing.quiet()).toBe(true);
    hear(anna, state, 0);
    jest.advanceTimersByTime(15_000);
    hear(anna, state, 1);
    expect(typing.quiet()).toBe(false);
  });

  it('ends with the meeting', () => {
    const { typing, hear, sent } = open();
    typing.typed();
    hear(anna, state, 1);
    typing.close();
    expect(typing.names()).toEqual([]);
    sent.length = 0;
    jest.advanceTimersByTime(60_000);
    expect(sent).toEqual([]);
  });
});
