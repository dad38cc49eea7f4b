import { jest } from '@jest/globals';
import { Component, input, output, signal } from '@angular/core';
import { DeferBlockBehavior, TestBed } from '@angular/core/testing';
import { Title } from '@angular/platform-browser';
import { provideRouter } from '@angular/router';
import { Api, type Door, type EnterAnswer as Entry, type EntryRequestState } from '../../core/api/api';
import { ApiProblem } from '../../core/api/problem';
import type { Handover } from '../../core/media/handover';
import { leaveLastJoin } from '../../core/session/last-join';
import { Session, type SessionState } from '../../core/session/session';
import { Meeting } from '../meeting';
import { DoorStore, type EntryWish } from './door-store';
import { HostsWord } from './hosts-word';
import { LocalPreview } from './local-preview';
import { Prejoin } from './prejoin';
import { RoomPage } from './room-page';

const door: Door = {
  slug: 'board-room',
  name: 'Board review',
  host: null,
  accessLevel: 'invited',
  needs: { invitation: true, accessCode: false, personalToken: false, host: false },
  standing: 'invited',
  reason: null,
  meeting: null,
};
const entry: Entry = {
  status: 'admitted',
  joinId: 'j-tom',
  url: 'wss://media',
  token: 't',
  role: 'participant',
  can: [],
};

/** The door's page and the meeting, as far as the address needs them. */
@Component({ selector: 'cv-prejoin', template: 'the door of {{ door().name }}' })
class PrejoinFake {
  readonly door = input.required<Door>();
}
@Component({ selector: 'cv-meeting', template: 'the meeting of {{ handover().entry.joinId }}' })
class MeetingFake {
  readonly handover = input.required<Handover>();
  readonly again = output();
}

class PreviewFake {
  on = true;
  released = 0;
  setCamera = async (on: boolean) => void (this.on = on);
  handedOver: unknown[] = [];
  handOver = (what: unknown) => {
    this.handedOver.push(what);
    return { devices: { microphone: null, camera: null, microphoneId: '', cameraId: '', speakerId: '' }, late: null };
  };
  release = () => void this.released++;
}

class World {
  readonly asked: string[] = [];
  readonly state = signal<SessionState>('signed-in');
  readonly preview = new PreviewFake();
  door: () => Promise<Door> = async () => door;
  enter: () => Promise<Entry> = async () => entry;

  /** The questions that are held. */
  readonly held: AbortSignal[] = [];
  word: () => Promise<{ state: EntryRequestState }> = async () => ({ state: 'waiting' });
  plainWord: () => Promise<{ state: EntryRequestState }> = () => this.word();

  readonly api = {
    hostsWord: (_slug: string, { signal }: { signal: AbortSignal }) => {
      this.held.push(signal);
      return this.word();
    },
    ownRequest: () => this.plainWord(),
    cancelRequest: async () => void this.asked.push('cancel'),
    door: (slug: string, { joinId }: { joinId?: string } = {}) => {
      this.asked.push(`door of ${slug}${joinId ? ` after ${joinId}` : ''}`);
      return this.door();
    },
    enter: (slug: string, proofs: object) => {
      this.asked.push(`enter ${slug} ${JSON.stringify(proofs)}`);
      return this.enter();
    },
  };

  async open(slug = 'board-room') {
    TestBed.configureTestingModule({
      deferBlockBehavior: DeferBlockBehavior.Playthrough,
      providers: [
        provideRouter([]),
        { provide: Api, useValue: this.api },
        {
          provide: Session,
          useValue: {
            state: this.state,
            ensure: async () => this.state(),
            me: () => ({ id: 'u-tom', displayName: 'Tom Strand', email: 'tom@example.test' }),
          },
        },
      ],
    })
      .overrideComponent(RoomPage, {
        remove: { imports: [Meeting, Prejoin] },
        add: { imports: [MeetingFake, PrejoinFake] },
      })
      .overrideComponent(RoomPage, {
        set: { providers: [DoorStore, HostsWord, { provide: LocalPreview, useValue: this.preview }] },
      });
    const fixture = TestBed.createComponent(RoomPage);
    fixture.componentRef.setInput('slug', slug);
    // What the door answers is no task that Angular waits for.
    const settle = async (): Promise<void> => {
      await fixture.whenStable();
      await new Promise((resolve) => setTimeout(resolve));
      await fixture.whenStable();
    };
    await settle();
    const store = fixture.debugElement.injector.get(DoorStore);
    const page = fixture.nativeElement as HTMLElement;
    return {
      fixture,
      settle,
      store,
      text: () => (page.querySelector('main') ?? page).textContent?.replace(/\s+/g, ' ').trim() ?? '',
      heading: () => page.querySelector('h1, h2, h3')?.textContent ?? '',
      link: (words: string) =>
        [...page.querySelectorAll('a')].find((one) => one.textContent?.trim() === words)?.getAttribute('href'),
      has: (words: string) => [...page.querySelectorAll('button')].some((one) => one.textContent?.trim() === words),
      async click(words: string) {
        [...page.querySelectorAll('button')].find((one) => one.textContent?.trim() === words)?.click();
        await settle();
      },
      async enter(wish: Partial<EntryWish> = {}) {
        await store.enter({ way: 'here', ...wish });
        await settle();
      },
    };
  }
}

describe('the address of a room', () => {
  it('that this tab was in before a reload is told so to the door, once', async () => {
    leaveLastJoin('board-room', 'j-before');
    const world = new World();
    const page = await world.open();
    await page.store.approach();
    expect(world.asked).toEqual(['door of board-room after j-before', 'door of board-room']);
    leaveLastJoin('other-room', 'j-before');
    await page.store.approach();
    expect(world.asked.at(-1)).toBe('door of board-room');
  });

  it('leads to its door, and names the page after it', async () => {
    const page = await new World().open();
    expect(page.text()).toBe('the door of Board review');
    expect(TestBed.inject(Title).getTitle()).toBe('\u2068Board review\u2069, Conclave');
  });

  it('asks who is signed out to sign in, with the way back, and reads nothing', async () => {
    const world = new World();
    world.state.set('signed-out');
    const page = await world.open();
    expect(page.heading()).toBe('Sign in to enter this room');
    expect(page.link('Sign in')).toBe('/sign-in?returnUrl=%2Fr%2Fboard-room');
    expect(world.asked).toEqual([]);
  });

  it('is another door when it changes', async () => {
    const world = new World();
    const page = await world.open();
    world.door = async () => ({ ...door, name: 'Supplier talks' });
    page.fixture.componentRef.setInput('slug', 'supplier-talks');
    await page.settle();
    expect(world.asked).toEqual(['door of board-room', 'door of supplier-talks']);
    expect(page.text()).toBe('the door of Supplier talks');
  });

  it('tells the uninvited which account they use, and can be asked again', async () => {
    const world = new World();
    world.door = async () => ({ ...door, name: null, standing: 'refused', reason: 'NOT_INVITED' });
    const page = await world.open();
    expect(page.heading()).toBe('You are not invited to this room');
    expect(page.text()).toContain('You are signed in as \u2068tom@example.test\u2069.');
    expect(world.preview.released).toBe(1);
    world.door = async () => door;
    await page.click('Try again');
    expect(page.text()).toBe('the door of Board review');
  });

  it.each([
    ['REMOVED_FROM_ROOM', 'A host removed you from this room'],
    ['NOT_FOUND', 'This does not exist'],
  ] as const)('is shut for good by %s', async (reason, heading) => {
    const world = new World();
    world.door = () => Promise.reject(new ApiProblem(reason));
    const page = await world.open();
    expect(page.heading()).toBe(heading);
    expect(page.has('Try again')).toBe(false);
  });

  it('that cannot be read says so and is tried again', async () => {
    const world = new World();
    world.door = () => Promise.reject(new ApiProblem('UNAVAILABLE', { offline: true }));
    const page = await world.open();
    expect(page.heading()).toBe('No connection');
    world.door = async () => door;
    await page.click('Try again');
    expect(page.text()).toBe('the door of Board review');
  });

  it('closes at the door when the session ends elsewhere, with the devices off', async () => {
    const world = new World();
    const page = await world.open();
    world.state.set('signed-out');
    await page.settle();
    expect(page.heading()).toBe('Sign in to enter this room');
    expect(world.preview.released).toBe(1);
  });
});

describe('entering a room', () => {
  it('hands the proofs to the door and the admission to the meeting', async () => {
    const world = new World();
    const page = await world.open();
    await page.enter({ accessCode: 'k7fm' });
    expect(world.asked.at(-1)).toBe('enter board-room {"accessCode":"k7fm","elsewhere":"move"}');
    expect(page.store.handover()?.entry).toBe(entry);
    expect(page.text()).toBe('the meeting of j-tom');
    expect(world.preview).toMatchObject({ on: true, released: 0 });
  });

  it('without camera switches it off before the devices are handed over', async () => {
    const world = new World();
    const page = await world.open();
    await page.enter({ way: 'without-camera' });
    expect(world.preview.on).toBe(false);
  });

  it('as well as on another device brings neither microphone nor sound', async () => {
    const world = new World();
    const page = await world.open();
    await page.enter({ way: 'also' });
    expect(world.asked.at(-1)).toBe('enter board-room {"elsewhere":"also"}');
    expect(world.preview.handedOver).toEqual([{ microphone: false }]);
    expect(page.store.handover()?.silent).toBe(true);
  });

  it('that another try may bring stays at the door with the reason', async () => {
    const world = new World();
    world.enter = () => Promise.reject(new ApiProblem('ACCESS_CODE_WRONG'));
    const page = await world.open();
    await page.enter();
    expect(page.store.refusal()?.reason).toBe('ACCESS_CODE_WRONG');
    expect(page.text()).toBe('the door of Board review');
    world.enter = async () => entry;
    await page.enter();
    expect(page.store.refusal()).toBeNull();
    expect(page.text()).toBe('the meeting of j-tom');
  });

  it.each([
    ['REMOVED_FROM_ROOM', 'A host removed you from this room'],
    ['UNAUTHENTICATED', 'Sign in to enter this room'],
  ] as const)('that ends by %s leaves the door', async (reason, heading) => {
    const world = new World();
    world.enter = () => Promise.reject(new ApiProblem(reason));
    const page = await world.open();
    await page.enter();
    expect(page.heading()).toBe(heading);
  });

  it('leads back to the door after the meeting', async () => {
    const world = new World();
    const page = await world.open();
    await page.enter();
    await page.store.approach();
    await page.settle();
    expect(page.text()).toBe('the door of Board review');
    expect(page.store.handover()).toBeNull();
  });
});

describe('somebody who waits for a host', () => {
  const waits = () => Promise.reject(new ApiProblem('WAITING_FOR_HOST'));

  /** Stands at the door and has asked; `answer` is what the host says, which is asked for while this goes on. */
  async function waiting() {
    jest.useFakeTimers({ advanceTimers: true });
    const world = new World();
    world.enter = waits;
    const page = await world.open();
    const entering = page.enter({ accessCode: 'k7fm' });
    await page.settle();
    expect(page.store.waiting()).toBe(true);
    const answer = async (state: EntryRequestState): Promise<void> => {
      world.word = async () => ({ state });
      world.enter = async () => entry;
      await jest.advanceTimersByTimeAsync(2_600);
      await entering;
      jest.useRealTimers();
      await page.settle();
    };
    return { world, page, answer };
  }

  afterEach(() => jest.useRealTimers());

  it('enters by themselves once they are admitted, with what they had typed', async () => {
    const { world, page, answer } = await waiting();
    expect(page.store.step()).toBe('door');
    expect(world.preview.released).toBe(0);
    await answer('admitted');
    expect(page.store.step()).toBe('meeting');
    expect(world.asked.filter((one) => one.startsWith('enter'))).toEqual([
      'enter board-room {"accessCode":"k7fm","elsewhere":"move"}',
      'enter board-room {"accessCode":"k7fm","elsewhere":"move"}',
    ]);
  });

  it('is told that a host said no, or that nobody said anything, and may go on from there', async () => {
    const { page, answer } = await waiting();
    await answer('denied');
    expect([page.store.waiting(), page.store.step(), page.store.refusal()?.reason]).toEqual([
      false,
      'door',
      'ENTRY_DENIED',
    ]);
    TestBed.resetTestingModule();
    const late = await waiting();
    await late.answer('expired');
    expect([late.page.store.waiting(), late.page.store.unanswered()]).toEqual([false, true]);
  });

  it('goes on waiting while the server does not answer, and ends it by Cancel', async () => {
    const { world, page } = await waiting();
    world.word = () => Promise.reject(new ApiProblem('UNAVAILABLE'));
    await jest.advanceTimersByTimeAsync(10_000);
    expect(page.store.waiting()).toBe(true);
    await page.store.cancelWaiting();
    await jest.advanceTimersByTimeAsync(10);
    expect([page.store.waiting(), page.store.step()]).toEqual([false, 'door']);
    expect(world.asked.at(-1)).toBe('cancel');
    expect(world.held.at(-1)?.aborted).toBe(true);
  });

  it('hears the word as soon as the server says it, and asks no faster than it may where the question is not held', async () => {
    const { world, page } = await waiting();
    await jest.advanceTimersByTimeAsync(9_000);
    // Real time passes as well: one more, and no more.
    expect(world.held.length).toBeGreaterThan(2);
    expect(world.held.length).toBeLessThan(7);
    let say: (word: { state: EntryRequestState }) => void = () => undefined;
    world.word = () => new Promise((resolve) => (say = resolve));
    await jest.advanceTimersByTimeAsync(3_000);
    const asked = world.held.length;
    await jest.advanceTimersByTimeAsync(12_000);
    expect(world.held).toHaveLength(asked);
    world.enter = async () => entry;
    say({ state: 'admitted' });
    await jest.advanceTimersByTimeAsync(10);
    expect(page.store.waiting()).toBe(false);
  });

  it.each([
    ['a gateway of the release before', 'NOT_FOUND'],
    ['one that holds as many as it does already', 'RATE_LIMITED'],
  ] as const)('asks %s again and again, and hears the word as well', async (_which, reason) => {
    const { world, page } = await waiting();
    let state: EntryRequestState = 'waiting';
    world.plainWord = async () => ({ state });
    world.word = () => Promise.reject(new ApiProblem(reason));
    await jest.advanceTimersByTimeAsync(6_000);
    expect(page.store.waiting()).toBe(true);
    [state, world.enter] = ['admitted', async () => entry];
    await jest.advanceTimersByTimeAsync(2_600);
    jest.useRealTimers();
    await page.settle();
    expect(page.store.step()).toBe('meeting');
  });

  it('is told that the room is gone, and not that nobody answered', async () => {
    const { world, page } = await waiting();
    world.word = () => Promise.reject(new ApiProblem('NOT_FOUND'));
    world.door = () => Promise.reject(new ApiProblem('NOT_FOUND'));
    await jest.advanceTimersByTimeAsync(3_000);
    jest.useRealTimers();
    await page.settle();
    expect([page.store.waiting(), page.store.unanswered(), page.store.step()]).toEqual([false, false, 'refused']);
  });
});
