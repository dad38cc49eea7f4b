import { jest } from '@jest/globals';
import { EnvironmentInjector, runInInjectionContext } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import * as fc from 'fast-check';
import { UNDO_MS } from './features/files/leaving-files';
import { RoomFiles } from './features/files/room-files';
import { RoomsStore } from './features/home/rooms-store';
import { ChatStore } from './features/meeting/chat-store';
import { Api } from './core/api/api';
import { FETCH } from './core/api/http';
import { Uploads } from './core/api/upload';
import { PagedList, type Paged } from './core/list/paged-list';
import { ModelServer, type ModelItem } from './core/list/model-server';

/** A list under test as its page uses it. */
interface Subject {
  readonly pages: Paged;
  /** In the order of the server. */
  shown(): readonly string[] | null;
  poll(): void;
  /** What the person adds by themselves. */
  add?(): Promise<unknown>;
  remove?(id: string): Promise<unknown>;
}

interface Kind {
  readonly item: (id: string) => ModelItem;
  readonly open: () => Subject;
  /** What others can do to it besides adding. */
  readonly others: readonly ('remove' | 'touch')[];
  /** The server gives it in one piece. */
  readonly whole?: true;
}

const idsOf = (items: readonly { readonly id: string }[] | null | undefined) => items?.map(({ id }) => id) ?? null;

const kinds: Record<string, Kind> = {
  rooms: {
    item: (id) => ({ id, meeting: null }),
    others: ['remove', 'touch'],
    open: () => {
      const store = TestBed.inject(RoomsStore);
      return { pages: store.pages, shown: () => idsOf(store.items()), poll: () => store.reload() };
    },
  },
  messages: {
    item: (id) => ({ id, author: { id: 'aylin', displayName: 'Aylin' }, text: id, sentAt: '2026-01-01T00:00:00Z' }),
    others: [],
    open: () => {
      const store = TestBed.inject(ChatStore);
      void store.open('room', 'me');
      return {
        pages: store.older,
        shown: () => idsOf(store.messages())?.reverse() ?? null,
        poll: () => void store.refresh(),
        add: () => store.send('hello'),
      };
    },
  },
  files: {
    item: (id) => ({ id, name: id, can: [] }),
    others: ['remove'],
    open: () => {
      const store = TestBed.inject(RoomFiles);
      void store.open('room');
      return {
        pages: store.pages,
        shown: () => idsOf(store.list()),
        poll: () => void store.load(),
        remove: (id) => {
          const gone = store.remove(id);
          jest.advanceTimersByTime(UNDO_MS);
          return gone;
        },
      };
    },
  },
  invitations: {
    item: (id) => ({ id, status: 'pending' }),
    others: ['remove'],
    open: () => {
      const api = TestBed.inject(Api);
      const list = runInInjectionContext(
        TestBed.inject(EnvironmentInjector),
        () => new PagedList({ read: (page) => api.invitations('room', page) }),
      );
      void list.reload();
      return { pages: list, shown: () => idsOf(list.items()), poll: () => void list.reload() };
    },
  },
  sessions: {
    item: (id) => ({ id }),
    others: ['remove', 'touch'],
    // Their number is bounded, and they come at once.
    whole: true,
    open: () => {
      const api = TestBed.inject(Api);
      const list = runInInjectionContext(
        TestBed.inject(EnvironmentInjector),
        () => new PagedList({ read: () => api.sessions() }),
      );
      void list.reload();
      return {
        pages: list,
        shown: () => idsOf(list.items()),
        poll: () => void list.reload(),
        remove: (id) => api.endSession(id).finally(() => void list.reload()),
      };
    },
  },
};

type Step =
  | { readonly do: 'add' | 'remove' | 'touch' | 'own remove'; readonly n: number }
  | { readonly do: 'poll' | 'more' | 'arrive' | 'answer' | 'offline' | 'online' | 'own add' };

const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ do: fc.constant('add' as const), n: fc.oneof(fc.nat(3), fc.nat(130)) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('remove', 'touch', 'own remove'), n: fc.nat(120) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('poll', 'more', 'own add', 'offline', 'online') }) },
    { weight: 8, arbitrary: fc.record({ do: fc.constantFrom('arrive', 'answer') }) },
  ),
  { maxLength: 50 },
) as fc.Arbitrary<Step[]>;

/** Lets everything that waits for nothing but its turn go on. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 40; turn++) await Promise.resolve();
}

async function drain(server: ModelServer): Promise<void> {
  await settle();
  while (!server.idle) {
    server.arrive();
    server.answer();
    await settle();
  }
}

async function play(kind: Kind, server: ModelServer, subject: Subject, step: Step): Promise<void> {
  switch (step.do) {
    case 'add':
      return server.add(step.n);
    case 'remove':
    case 'touch': {
      const item = server.items[step.n];
      if (!item || !kind.others.includes(step.do)) return;
      return step.do === 'touch' ? server.touch(item) : server.remove(item);
    }
    case 'own add':
      return void subject.add?.().catch(() => undefined);
    case 'own remove':
      return void subject.remove?.(subject.shown()?.[step.n] ?? 'none').catch(() => undefined);
    case 'poll':
      return subject.poll();
    case 'more':
      return void subject.pages.more().catch(() => undefined);
    case 'arrive':
      return server.arrive();
    case 'answer':
      return server.answer();
    case 'offline':
    case 'online':
      server.offline = step.do === 'offline';
      if (!server.offline) window.dispatchEvent(new Event('online'));
  }
}

describe.each(Object.entries(kinds))('the list of %s', (_, kind) => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('shows what the server has, in order, once, or offers the rest, whatever happened before', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(260), async (script, atFirst) => {
        const server = new ModelServer(kind.item, kind.whole);
        server.add(atFirst);
        TestBed.resetTestingModule();
        TestBed.configureTestingModule({
          providers: [
            RoomsStore,
            ChatStore,
            RoomFiles,
            { provide: FETCH, useValue: server.fetch },
            // Nothing goes up here: what is listed is what is told.
            { provide: Uploads, useValue: { list: async () => [] } },
          ],
        });
        const subject = kind.open();
        for (const step of script) {
          await play(kind, server, subject, step);
          await settle();
          const shown = subject.shown() ?? [];
          expect(new Set(shown).size).toBe(shown.length);
        }
        await play(kind, server, subject, { do: 'online' });
        await drain(server);
        const there = () => server.items.map(({ id }) => id);
        const shown = subject.shown() ?? [];
        expect(shown).toEqual(there().slice(0, shown.length));
        expect(shown.length).toBeGreaterThanOrEqual(Math.min(50, there().length));
        expect(subject.pages.hasMore()).toBe(shown.length < there().length);
        for (let asked = 0; subject.pages.hasMore(); asked++) {
          expect(asked).toBeLessThan(100);
          void subject.pages.more();
          await drain(server);
        }
        expect(subject.shown()).toEqual(there());
      }),
      { numRuns: 100 },
    );
  }, 60_000);
});
