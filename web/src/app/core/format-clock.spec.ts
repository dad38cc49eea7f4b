import { jest } from '@jest/globals';
import { TestBed } from '@angular/core/testing';
import { FETCH, Http } from './api/http';
import { formatAgo, formatDay } from './format';
import { serverNow } from './time/server-clock';

const HOUR = 3_600_000;
const server = Date.parse('2026-11-26T12:00:00Z');

beforeAll(() => {
  // jsdom lacks what every browser we run in has.
  AbortSignal.timeout ??= () => new AbortController().signal;
});

/** One answer of a server whose clock shows noon, on a device whose own clock is off. */
async function answered(deviceOffMs: number): Promise<void> {
  jest.useFakeTimers({ now: server + deviceOffMs });
  const headers = new Headers({ Date: new Date(server).toUTCString() });
  const fetchFake = async () => ({ ok: true, status: 200, json: async () => ({}), headers }) as Response;
  TestBed.configureTestingModule({ providers: [{ provide: FETCH, useValue: fetchFake }] });
  await TestBed.inject(Http).call('GET', '/me');
}

describe.each([-HOUR, 0, HOUR, 26 * HOUR])('on a device whose clock is off by %d ms', (off) => {
  beforeEach(() => answered(off));
  afterEach(() => jest.useRealTimers());

  it('what people read is as the server has it', () => {
    expect(Math.abs(serverNow() - server)).toBeLessThanOrEqual(1_000);
    expect(formatAgo(new Date(server - 2 * 60_000 - 5_000).toISOString())).toBe('2 minutes ago');
    expect(formatAgo(new Date(server - 5_000).toISOString())).toBe('just now');
    expect(formatDay(new Date(server).toISOString())).toBe('Today');
  });
});
