import { jest } from '@jest/globals';
import { TestBed } from '@angular/core/testing';
import { LiveSocket, OPEN_LIVE_SOCKET } from './live-socket';

/** A socket whose other end is the test. */
class SocketFake {
  readyState: number = WebSocket.CONNECTING;
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  readonly sent: number[][] = [];
  constructor(readonly url: string) {}
  send = (bytes: Uint8Array) => void this.sent.push([...bytes]);
  close = () => void (this.readyState = WebSocket.CLOSED);
  accept() {
    this.readyState = WebSocket.OPEN;
    this.onopen?.();
  }
  say(...bytes: number[]) {
    // Made as this page makes it: jsdom has an ArrayBuffer of its own.
    const buffer = new ArrayBuffer(bytes.length);
    new Uint8Array(buffer).set(bytes);
    this.onmessage?.({ data: buffer });
  }
  drop(code: number) {
    this.readyState = WebSocket.CLOSED;
    this.onclose?.({ code });
  }
}

function open() {
  const sockets: SocketFake[] = [];
  const heard: number[][] = [];
  const connected = jest.fn();
  const make = (url: string) => {
    const socket = new SocketFake(url);
    sockets.push(socket);
    return socket;
  };
  TestBed.configureTestingModule({ providers: [LiveSocket, { provide: OPEN_LIVE_SOCKET, useValue: make }] });
  const live = TestBed.inject(LiveSocket);
  live.open('board-room', '0000beef', {
    frame: ({ sender, channel, op, body }) => heard.push([sender, channel, op, ...body]),
    connected,
  });
  const last = () => sockets.at(-1) as SocketFake;
  last().accept();
  return { live, sockets, heard, connected, last };
}

describe('the live socket', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('names room and admission, says what it is told to, and hears who said what', () => {
    const { live, heard, last } = open();
    expect(new URL(last().url).pathname).toBe('/api/v1/rooms/board-room/live');
    expect(new URL(last().url).searchParams.get('join')).toBe('0000beef');
    live.send(4, 1, [1]);
    expect(last().sent).toEqual([[4, 1, 1]]);
    last().say(0, 0, 0xbe, 0xef, 4, 1, 1);
    expect(heard).toEqual([[0xbeef, 4, 1, 1]]);
  });

  it('does not believe a frame that is too short, or text, and keeps pongs to itself', () => {
    const { heard, last } = open();
    last().say(0, 0, 0, 1, 4);
    last().onmessage?.({ data: 'hello' });
    last().say(0, 0, 0, 0, 0, 2);
    expect(heard).toEqual([]);
  });

  it('comes back after a restart of the server, and says that it stands again', () => {
    const { sockets, connected, last } = open();
    last().drop(1012);
    jest.advanceTimersByTime(500);
    expect(sockets).toHaveLength(2);
    last().accept();
    expect(connected).toHaveBeenCalledTimes(2);
  });

  it.each([4401, 4403, 4409])('stays away after close code %i', (code) => {
    const { sockets, last } = open();
    last().drop(code);
    jest.advanceTimersByTime(60_000);
    expect(sockets).toHaveLength(1);
  });

  it('gives up a connection that went silent', () => {
    const { sockets, last } = open();
    jest.advanceTimersByTime(20_000);
    expect(last().sent).toEqual([[0, 1]]);
    jest.advanceTimersByTime(60_000);
    expect(sockets.length).toBeGreaterThan(1);
  });

  it('is quiet after close, and what is said while it is away is lost', () => {
    const { live, sockets, heard, last } = open();
    last().drop(1006);
    live.send(4, 1, [1]);
    expect(last().sent).toEqual([]);
    live.close();
    last().say(0, 0, 0, 1, 4, 1, 1);
    jest.advanceTimersByTime(60_000);
    expect(heard).toEqual([]);
    expect(sockets).toHaveLength(1);
  });
});
