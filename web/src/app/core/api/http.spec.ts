import { TestBed } from '@angular/core/testing';
import { Api } from './api';
import { FETCH, Http } from './http';

type Answer = 'lost' | { status: number; body: unknown };

function apiThat(...answers: Answer[]) {
  const keys: (string | undefined)[] = [];
  const fetchFake = async (_url: RequestInfo | URL, init?: RequestInit) => {
    keys.push((init?.headers as Record<string, string>)['Idempotency-Key']);
    const answer = answers.shift() ?? 'lost';
    if (answer === 'lost') throw new TypeError('Failed to fetch');
    const { status, body } = answer;
    return { ok: status < 300, status, json: async () => body, headers: new Headers() } as Response;
  };
  TestBed.configureTestingModule({ providers: [{ provide: FETCH, useValue: fetchFake }] });
  return { api: TestBed.inject(Api), keys };
}

const made = { status: 201, body: {} };
const refused = { status: 400, body: { reason: 'INVALID_ARGUMENT' } };
const broken = { status: 503, body: { reason: 'UNAVAILABLE' } };
const wish = { name: 'Board review' };

beforeAll(() => {
  // jsdom lacks what every browser we run in has.
  AbortSignal.timeout ??= () => new AbortController().signal;
});

describe('a call that makes something', () => {
  it('asked for again after a lost answer goes under the same key, until it is answered', async () => {
    const { api, keys } = apiThat('lost', broken, made, made);
    await expect(api.createRoom(wish)).rejects.toMatchObject({ offline: true });
    await expect(api.createRoom(wish)).rejects.toMatchObject({ reason: 'UNAVAILABLE' });
    await api.createRoom(wish);
    await api.createRoom(wish);
    expect(keys[0]).toBeTruthy();
    expect(keys.slice(0, 3)).toEqual([keys[0], keys[0], keys[0]]);
    expect(keys[3]).not.toBe(keys[0]);
  });

  it('that was refused, or that is another, goes under a key of its own', async () => {
    const { api, keys } = apiThat(refused, 'lost', 'lost', 'lost');
    await expect(api.createRoom(wish)).rejects.toBeDefined();
    await expect(api.createRoom(wish)).rejects.toBeDefined();
    await expect(api.createRoom({ name: 'Another' })).rejects.toBeDefined();
    await expect(api.invite('room', {})).rejects.toBeDefined();
    expect(new Set(keys).size).toBe(4);
  });

  it('asked for twice at once goes under two keys', async () => {
    const { api, keys } = apiThat(made, made);
    await Promise.all([api.invite('room', {}), api.invite('room', {})]);
    expect(keys[0]).not.toBe(keys[1]);
  });

  it('is not the same for the next person at this device', async () => {
    const { api, keys } = apiThat('lost', made);
    await expect(api.createRoom(wish)).rejects.toBeDefined();
    TestBed.inject(Http).forget();
    await api.createRoom(wish);
    expect(keys[1]).not.toBe(keys[0]);
  });
});

describe('a call that makes nothing', () => {
  it('carries no key', async () => {
    const { api, keys } = apiThat({ status: 200, body: {} });
    await api.me();
    expect(keys).toEqual([undefined]);
  });
});
