import { jest } from '@jest/globals';
import { TestBed } from '@angular/core/testing';
import { backoffMs } from './backoff';
import { EventsSocket, OPEN_SOCKET } from './events-socket';
import { parseFrame, type RoomEvent } from './room-event';

/** A socket whose other end is the test. */
class SocketFake {
  readyState: number = WebSocket.CONNECTING;
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  sent: string[] = [];
  constructor(readonly url: string) {}
  send = (text: string) => void this.sent.push(text);
  close = () => void (this.readyState = WebSocket.CLOSED);
  accept() {
    this.readyState = WebSocket.OPEN;
    this.onopen?.();
  }
  say(seq: number, type = 'message.created', data: unknown = { messageId: `m${seq}`, authorId: 'u1' }) {
    this.onmessage?.({ data: JSON.stringify({ seq, type, at: '2026-01-01T00:00:00Z', data }) });
  }
  sayAfter(after: number, seq: number) {
    const data = { messageId: `m${seq}`, authorId: 'u1' };
    this.onmessage?.({
      data: JSON.stringify({ after, seq, type: 'message.created', at: '2026-01-01T00:00:00Z', data }),
    });
  }
  drop(code: number) {
    this.readyState = WebSocket.CLOSED;
    this.onclose?.({ code });
  }
}

function open() {
  const sockets: SocketFake[] = [];
  const heard: number[] = [];
  const connected = jest.fn();
  const refused = jest.fn();
  const ended = jest.fn();
  TestBed.configureTestingModule({
    providers: [
      EventsSocket,
      {
        provide: OPEN_SOCKET,
        useValue: (url: string) => {
          const socket = new SocketFake(url);
          sockets.push(socket);
          return socket;
        },
      },
    ],
  });
  const events = TestBed.inject(EventsSocket);
  events.open('abcd-efgh', { event: (event: RoomEvent) => heard.push(event.seq), connected, ended, refused });
  const last = () => sockets.at(-1) as SocketFake;
  last().accept();
  return { events, sockets, heard, connected, ended, refused, last };
}

describe('the events socket', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('hears events in order and drops what it has heard', () => {
    const { heard, last } = open();
    last().say(5);
    last().say(6);
    last().say(6);
    last().say(5);
    last().say(7);
    expect(heard).toEqual([5, 6, 7]);
  });

  it('tells how the stay ended, and nothing that is no way to end', () => {
    const { ended, heard, last } = open();
    const say = (data: unknown) =>
      last().onmessage?.({ data: JSON.stringify({ type: 'stay.ended', at: '2026-01-01T00:00:00Z', data }) });
    for (const data of [undefined, null, {}, { reason: 'toString' }, { reason: 7 }]) say(data);
    expect(ended).not.toHaveBeenCalled();
    say({ reason: 'meeting_ended' });
    expect(ended.mock.calls).toEqual([['meeting_ended']]);
    expect(heard).toEqual([]);
  });

  it('fills a hole by coming back with the last number it has', () => {
    const { heard, sockets, last } = open();
    last().say(5);
    last().say(8);
    expect(heard).toEqual([5]);
    jest.advanceTimersByTime(20_000);
    expect(sockets).toHaveLength(2);
    expect(new URL(last().url).searchParams.get('after')).toBe('5');
    last().accept();
    for (const seq of [6, 7, 8]) last().say(seq);
    expect(heard).toEqual([5, 6, 7, 8]);
  });

  it('sees no hole where the server says that what lies between is for others', () => {
    const { heard, sockets, last } = open();
    last().say(5);
    last().sayAfter(5, 8);
    last().sayAfter(4, 10);
    last().say(11);
    expect(heard).toEqual([5, 8, 10, 11]);
    last().sayAfter(12, 14);
    jest.advanceTimersByTime(20_000);
    expect(sockets).toHaveLength(2);
    expect(new URL(last().url).searchParams.get('after')).toBe('11');
  });

  it('counts an event it does not understand, so that it leaves no hole', () => {
    const { heard, sockets, last } = open();
    last().say(1);
    last().say(2, 'hand.raised', {});
    last().say(3);
    jest.advanceTimersByTime(20_000);
    expect(heard).toEqual([1, 3]);
    expect(sockets).toHaveLength(1);
  });

  it('comes back after a restart of the server, later each time', () => {
    const { sockets, last, connected } = open();
    last().drop(1012);
    jest.advanceTimersByTime(500);
    expect(sockets).toHaveLength(2);
    last().drop(1006);
    jest.advanceTimersByTime(499);
    expect(sockets).toHaveLength(2);
    jest.advanceTimersByTime(501);
    expect(sockets).toHaveLength(3);
    last().accept();
    expect(connected).toHaveBeenCalledTimes(2);
  });

  it.each([
    [4401, 'signed-out'],
    [4403, 'refused'],
  ])('stays away after close code %i', (code, state) => {
    const { sockets, last, refused, events } = open();
    last().drop(code);
    jest.advanceTimersByTime(60_000);
    expect(sockets).toHaveLength(1);
    expect(refused).toHaveBeenCalledWith(state);
    expect(events.state()).toBe(state);
  });

  it('gives up a connection that went silent', () => {
    const { sockets, last } = open();
    jest.advanceTimersByTime(20_000);
    expect(last().sent).toEqual(['{"type":"ping"}']);
    jest.advanceTimersByTime(60_000);
    expect(sockets.length).toBeGreaterThan(1);
  });

  it('is quiet after close', () => {
    const { events, sockets, heard, last } = open();
    events.close();
    last().say(1);
    jest.advanceTimersByTime(60_000);
    expect(heard).toEqual([]);
    expect(sockets).toHaveLength(1);
  });
});

describe('a frame', () => {
  it.each([
    '',
    'null',
    '[]',
    '{"seq":"x","type":"a"}',
    '{"type":"message.created"}',
    '{"seq":1.5,"type":"a"}',
    '{"seq":-1,"type":"a"}',
  ])('%s is not believed', (text) => expect(parseFrame(text).kind).toBe('unknown'));

  it('without its facts counts only by number', () => {
    expect(parseFrame('{"seq":3,"type":"message.created","data":{}}')).toEqual({ kind: 'numbered', seq: 3, after: 2 });
  });
});

describe('the wait before another try', () => {
  it('grows, is capped and spread', () => {
    expect(backoffMs(0, () => 0)).toBe(250);
    expect(backoffMs(0, () => 1)).toBe(500);
    expect(backoffMs(30, () => 1)).toBe(15_000);
  });
});
