import { jest } from '@jest/globals';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import {
  Api,
  type Door,
  type EnterAnswer,
  type JoinedBody,
  type LeaveBody,
  type Permission,
  type RoomRole,
  type StayEnd,
} from '../../core/api/api';
import { ApiProblem, noAnswer } from '../../core/api/problem';
import { EventsSocket, type EventsListener } from '../../core/events/events-socket';
import type { RoomEvents, RoomEventType, RoomEvent } from '../../core/events/room-event';
import type { Handover } from '../../core/media/handover';
import { takeLastJoin } from '../../core/session/last-join';
import { Session } from '../../core/session/session';
import { Dialogs } from '../../shared/dialog/dialogs';
import { Leaving } from '../../shared/leaving/leaving';
import { Toasts } from '../../shared/toast/toasts';
import { RoomFiles } from '../files';
import { Announcer } from './announcer';
import { ChatStore } from './chat-store';
import { Lobby } from './lobby';
import { MeetingRoom, type MediaListener, type MediaState } from './meeting-room';
import { MeetingStore } from './meeting-store';
import { Rights } from './rights';
import { Typing } from './typing';
import { WayBack } from './way-back';

const door: Door = {
  slug: 'board-room',
  name: 'Board review',
  host: { id: 'owner', displayName: 'Aylin Kaya' },
  accessLevel: 'code',
  needs: { invitation: false, accessCode: true, personalToken: false, host: false },
  standing: 'member',
  reason: null,
  meeting: { startedAt: '2026-11-26T10:00:00Z', participantCount: 2 },
  alreadyInside: false,
  lastStay: null,
};

const admitted: EnterAnswer = {
  status: 'admitted',
  joinId: 'j-tom',
  url: 'wss://media',
  token: 't',
  role: 'participant',
  can: [],
};
const over = (reason: StayEnd, joinId = 'j-tom'): Door => ({
  ...door,
  lastStay: { joinId, reason, endedAt: '2026-11-26T10:10:00Z' },
});

/** Everything around the store, in memory: what it asked for is written down, what it is told the spec decides. */
class World {
  readonly asked: string[] = [];
  readonly prepared: string[] = [];
  door: () => Promise<Door> = async () => door;
  connect: () => Promise<void> = async () => undefined;
  comeBack: () => Promise<void> = async () => undefined;
  enter: () => Promise<EnterAnswer> = async () => ({ ...admitted, joinId: 'j-tom-2', can: ['room.invite'] });
  media: MediaListener | undefined;
  log: 'open' | 'refused' = 'open';
  events: EventsListener | undefined;

  /** What the room says of oneself. */
  says: { role: RoomRole; can: readonly Permission[] } = { role: 'participant', can: [] };

  readonly api = {
    room: async () => this.says,
    participants: async () => ({ items: [] }),
    waiting: async () => ({ items: [] }),
    door: () => {
      this.asked.push('door');
      return this.door();
    },
    enter: (slug: string) => {
      this.asked.push(`enter ${slug}`);
      return this.enter();
    },
    leave: async (slug: string, { joinId }: LeaveBody) => void this.asked.push(`leave ${slug} ${joinId}`),
    endMeeting: async (slug: string) => void this.asked.push(`end ${slug}`),
    joined: async ({ outcome }: Pick<JoinedBody, 'outcome'>) => void this.asked.push(`joined ${outcome}`),
  };
  readonly room = {
    participants: signal([]),
    presenters: signal([]),
    sharing: signal(false),
    state: signal<MediaState>('connected'),
    comeBack: async ({ joinId }: EnterAnswer) => {
      this.asked.push(`media anew as ${joinId}`);
      await this.comeBack();
      this.room.state.set('connected');
    },
    connect: (_handover: Handover, listener: MediaListener) => {
      this.media = listener;
      return this.connect();
    },
    setCamera: async (on: boolean) => void this.asked.push(`camera ${on}`),
    leave: async () => void this.asked.push('media left'),
  };
  readonly socket = {
    state: () => this.log,
    open: (slug: string, listener: EventsListener) => {
      this.asked.push(`events of ${slug}`);
      this.events = listener;
    },
    close: () => void this.asked.push('events closed'),
  };
  readonly chat = {
    unread: signal(0),
    messages: signal(null),
    open: async (slug: string, userId: string) => void this.asked.push(`chat of ${slug} for ${userId}`),
    refresh: async () => void this.asked.push('chat refreshed'),
    prepare: (slug: string) => void this.prepared.push(slug),
    pause: () => void this.asked.push('chat waits'),
    resume: () => void this.asked.push('chat goes on'),
    close: () => void this.asked.push('chat closed'),
  };
  readonly files = {
    open: async (slug: string) => void this.asked.push(`files of ${slug}`),
    load: async () => void this.asked.push('files loaded'),
    pause: () => void this.asked.push('files wait'),
    close: () => void this.asked.push('files closed'),
  };

  readonly typing = {
    begin: (slug: string, joinId: string) => void this.asked.push(`typing in ${slug} as ${joinId}`),
    close: () => void this.asked.push('typing closed'),
  };

  readonly store: MeetingStore;

  constructor() {
    TestBed.configureTestingModule({
      providers: [
        Announcer,
        Lobby,
        MeetingStore,
        Rights,
        WayBack,
        { provide: Api, useValue: this.api },
        { provide: EventsSocket, useValue: this.socket },
        { provide: MeetingRoom, useValue: this.room },
        { provide: ChatStore, useValue: this.chat },
        { provide: RoomFiles, useValue: this.files },
        { provide: Typing, useValue: this.typing },
        { provide: Session, useValue: { me: () => ({ id: 'u-tom' }) } },
      ],
    });
    this.store = TestBed.inject(MeetingStore);
  }

  begin(changes: Partial<Handover> = {}): Promise<void> {
    return this.store.begin({
      door,
      entry: admitted,
      devices: { microphone: null, camera: null, microphoneId: '', cameraId: '', speakerId: '' },
      late: null,
      ...changes,
    });
  }

  happens<T extends RoomEventType>(type: T, data: RoomEvents[T], at = '2026-11-26T10:05:00Z'): void {
    this.events?.event({ seq: 1, type, at, data } as RoomEvent);
  }

  /** The media connection breaks. */
  breaks(): void {
    this.room.state.set('away');
    this.media?.gone();
  }

  readonly said = (): string => TestBed.inject(Announcer).said()[0]?.text ?? '';

  readonly coming = (): boolean => TestBed.inject(WayBack).coming();

  get toasts(): readonly string[] {
    return TestBed.inject(Toasts)
      .list()
      .map(({ text }) => text);
  }
}

async function inside(): Promise<World> {
  const world = new World();
  await world.begin();
  world.asked.length = 0;
  return world;
}

/** After everything that was promised so far has happened. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe('a meeting that begins', () => {
  it('knows the room at once, and opens its events, messages and files when media stands', async () => {
    const world = new World();
    let stands = (): void => undefined;
    world.connect = () => new Promise((resolve) => (stands = resolve));
    const begun = world.begin();
    expect([world.store.roomName(), world.store.slug(), world.store.accessLevel()]).toEqual([
      'Board review',
      'board-room',
      'code',
    ]);
    expect(world.store.startedAt()).toBe(Date.parse('2026-11-26T10:00:00Z'));
    expect(world.asked).toEqual([]);
    stands();
    await begun;
    expect(world.asked).toEqual([
      'chat of board-room for u-tom',
      'typing in board-room as j-tom',
      'events of board-room',
      'chat goes on',
      'files of board-room',
    ]);
    expect(world.store.cause()).toBeNull();
  });

  it.each([
    ['ok', async (): Promise<void> => undefined],
    ['failed', (): Promise<void> => Promise.reject(new Error('no route'))],
  ] as const)('tells the operator that joining was %s, where the server records it', async (outcome, connect) => {
    const world = new World();
    world.connect = connect;
    await world.begin({
      trace: { recorded: true, report: (seen: string) => ({ outcome: seen }) } as NonNullable<Handover['trace']>,
    });
    expect(world.asked).toContain(`joined ${outcome}`);
  });

  it('that media never reached has ended, and nothing of the room was opened', async () => {
    const world = new World();
    world.connect = () => Promise.reject(new Error('no route'));
    await world.begin();
    expect(world.store.cause()).toBe('not-connected');
    expect(world.asked).toEqual([
      'door',
      'events closed',
      'files closed',
      'chat closed',
      'typing closed',
      'media left',
    ]);
  });

  it('that media never reached because one was put out meanwhile says that', async () => {
    const world = new World();
    world.connect = () => Promise.reject(new Error('no route'));
    world.door = async () => over('removed');
    await world.begin();
    expect(world.store.cause()).toBe('removed');
  });

  it('and was left while media was still coming opens nothing', async () => {
    const world = new World();
    let stands = (): void => undefined;
    world.connect = () => new Promise((resolve) => (stands = resolve));
    const begun = world.begin();
    await world.store.leave();
    stands();
    await begun;
    expect(world.store.cause()).toBe('left');
    expect(world.asked).not.toContain('events of board-room');
  });

  it('lets one do what the door has said, before anything else is there', async () => {
    const world = new World();
    world.connect = () => new Promise(() => undefined);
    void world.begin({
      entry: { status: 'admitted', joinId: 'j', url: '', token: '', role: 'moderator', can: ['meeting.end'] },
    });
    expect([world.store.may('meeting.end'), world.store.may('room.roles')]).toEqual([true, false]);
  });
});

describe('a meeting that ends', () => {
  it('by leaving closes everything and tells the room, whether or not that arrives', async () => {
    const world = await inside();
    world.api.leave = () => Promise.reject(new ApiProblem('UNAVAILABLE'));
    await world.store.leave();
    expect(world.store.cause()).toBe('left');
    expect(world.asked).toEqual(['events closed', 'files closed', 'chat closed', 'typing closed', 'media left']);
  });

  it('by leaving is not elsewhere for the door, though the room has not heard of it yet', async () => {
    const world = await inside();
    world.api.leave = () => new Promise(() => undefined);
    void world.store.leave();
    expect(takeLastJoin('board-room')).toBe('j-tom');
  });

  it('not by one touch of Leave while something would be lost by it', async () => {
    const world = await inside();
    let sure = false;
    const asked: unknown[] = [];
    TestBed.inject(Leaving).ask = async (costs) => (asked.push(costs), sure);
    await world.store.leave();
    expect([world.store.cause(), asked]).toEqual([null, [['lost']]]);
    sure = true;
    await world.store.leave();
    expect(world.store.cause()).toBe('left');
  });

  it('by closing the page counts as leaving', async () => {
    const world = await inside();
    TestBed.resetTestingModule();
    await settled();
    expect(world.asked).toContain('leave board-room j-tom');
  });

  it.each([
    ['removed', 'removed'],
    ['meeting_ended', 'ended-by-host'],
    ['room_deleted', 'room-deleted'],
    ['session_ended', 'signed-out'],
    ['membership_ended', 'membership-ended'],
    ['moved', 'moved'],
    ['left', 'left'],
  ] as const)('as the server says: %s', async (reason, cause) => {
    const world = await inside();
    world.events?.ended?.(reason);
    await settled();
    expect(world.store.cause()).toBe(cause);
    expect(world.asked).not.toContain('door');
    // By whatever way it is heard first: from the door, where the log's last word was lost.
    TestBed.resetTestingModule();
    const other = await inside();
    other.door = async () => over(reason);
    other.breaks();
    await settled();
    expect(other.store.cause()).toBe(cause);
    expect(other.asked).toEqual([
      'door',
      'events closed',
      'files closed',
      'chat closed',
      'typing closed',
      'media left',
    ]);
  });

  it.each([
    ['meeting.ended', {}],
    ['room.deleted', {}],
    ['participant.removed', { joinId: 'j-tom', userId: 'u-tom' }],
  ] as const)('not by %s alone: the door is asked, and knows', async (type, data) => {
    const world = await inside();
    world.happens(type, data as never);
    await settled();
    expect([world.asked, world.store.cause()]).toEqual([['door'], null]);
  });

  it('not by the removal of somebody else', async () => {
    const world = await inside();
    world.happens('participant.removed', { joinId: 'j-lea', userId: 'u-lea' });
    await settled();
    expect([world.asked, world.store.cause()]).toEqual([[], null]);
  });

  it('once: what comes later does not change why', async () => {
    const world = await inside();
    world.events?.ended?.('room_deleted');
    world.breaks();
    world.events?.ended?.('removed');
    await settled();
    expect(world.store.cause()).toBe('room-deleted');
    expect(world.asked.filter((line) => line === 'media left')).toHaveLength(1);
  });

  it('when the log is closed to a session that has ended', async () => {
    const world = await inside();
    world.events?.refused?.('signed-out');
    await settled();
    expect(world.store.cause()).toBe('signed-out');
    expect(world.asked).not.toContain('door');
  });

  it('when the log is closed to somebody who is still signed in, for the reason that the door gives', async () => {
    const world = await inside();
    world.door = () => Promise.reject(new ApiProblem('REMOVED_FROM_ROOM'));
    world.events?.refused?.('refused');
    await settled();
    expect(world.store.cause()).toBe('removed');
  });

  it('for all by one’s own hand is told so, whoever is first to tell', async () => {
    const world = await inside();
    world.api.endMeeting = async () => world.events?.ended?.('meeting_ended');
    await world.store.endForAll();
    expect(world.store.cause()).toBe('ended-by-me');
  });

  it('for all only when the server agrees', async () => {
    const world = await inside();
    world.api.endMeeting = () => Promise.reject(new ApiProblem('PERMISSION_DENIED'));
    await world.store.endForAll();
    expect(world.store.cause()).toBeNull();
    expect(world.toasts[0]).toMatch(/^You may not do this/);
    world.api.endMeeting = async () => undefined;
    await world.store.endForAll();
    expect(world.store.cause()).toBe('ended-by-me');
  });
});

describe('a meeting that is cut off', () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['queueMicrotask'] }));
  afterEach(() => void jest.useRealTimers());
  const passes = (ms: number) => jest.advanceTimersByTimeAsync(ms);

  it('comes back with the ticket it has, as long as the stay goes on, and everything goes on with it', async () => {
    const world = new World();
    await world.begin();
    world.asked.length = 0;
    world.breaks();
    await passes(0);
    expect(world.asked).toEqual([
      'door',
      'events closed',
      'chat waits',
      'files wait',
      'media anew as j-tom',
      'typing in board-room as j-tom',
      'events of board-room',
      'chat goes on',
      'files of board-room',
    ]);
    expect([world.store.cause(), world.coming()]).toEqual([null, false]);
  });

  it('enters anew where the ticket serves no longer, gives the lost place back, and has the rights of the new one', async () => {
    const world = new World();
    await world.begin();
    world.asked.length = 0;
    world.comeBack = () => Promise.reject(new Error('no such room'));
    world.breaks();
    await passes(0);
    expect([world.coming(), world.store.cause()]).toEqual([true, null]);
    world.comeBack = async () => undefined;
    await passes(4_000);
    expect(world.asked).toEqual([
      'door',
      'events closed',
      'chat waits',
      'files wait',
      'media anew as j-tom',
      'door',
      'enter board-room',
      'leave board-room j-tom',
      'media anew as j-tom-2',
      'typing in board-room as j-tom-2',
      'events of board-room',
      'chat goes on',
      'files of board-room',
    ]);
    expect(world.store.may('room.invite')).toBe(true);
  });

  it.each(['not_connected', 'media_failed'] as const)(
    'and whose stay has ended by itself (%s) enters anew',
    async (end) => {
      const world = new World();
      await world.begin();
      world.asked.length = 0;
      world.door = async () => over(end);
      world.events?.ended?.(end);
      await passes(0);
      expect(world.asked).toContain('media anew as j-tom-2');
      expect(world.asked).not.toContain('leave board-room j-tom');
      expect(world.store.cause()).toBeNull();
    },
  );

  it('keeps trying while nothing answers, with pauses that grow, and says that it does', async () => {
    const world = new World();
    await world.begin();
    world.door = () => Promise.reject(noAnswer());
    world.breaks();
    await passes(60_000);
    const tries = world.asked.filter((line) => line === 'door').length;
    expect(tries).toBeGreaterThan(10);
    expect(tries).toBeLessThan(40);
    expect([world.coming(), world.store.cause()]).toEqual([true, null]);
    world.door = async () => door;
    await passes(4_000);
    expect([world.coming(), world.store.cause(), world.asked.at(-1)]).toEqual([false, null, 'files of board-room']);
  });

  it.each([
    ['the network, where nothing ever answered', () => Promise.reject(noAnswer()), 'network'],
    ['the media server, where everything else did', async () => door, 'server'],
  ] as const)('gives up after minutes, and blames %s', async (_name, answers, cause) => {
    const world = new World();
    await world.begin();
    world.door = answers;
    world.comeBack = () => Promise.reject(new Error('no such room'));
    world.breaks();
    await passes(4 * 60_000);
    expect(world.store.cause()).toBeNull();
    await passes(2 * 60_000);
    expect(world.store.cause()).toBe(cause);
  });

  it.each([
    ['PERSONAL_TOKEN_REQUIRED', 'interrupted'],
    ['REMOVED_FROM_ROOM', 'removed'],
  ] as const)('and is not let in again (%s) is told why', async (reason, cause) => {
    const world = new World();
    await world.begin();
    world.door = async () => over('not_connected');
    world.enter = () => Promise.reject(new ApiProblem(reason));
    world.breaks();
    await passes(0);
    expect(world.store.cause()).toBe(cause);
  });

  it('and is left meanwhile stays left', async () => {
    const world = new World();
    await world.begin();
    let comes = (): void => undefined;
    world.comeBack = () => new Promise((resolve) => (comes = resolve));
    world.breaks();
    await passes(0);
    await world.store.leave();
    world.asked.length = 0;
    comes();
    await passes(10_000);
    expect([world.store.cause(), world.asked]).toEqual(['left', []]);
  });

  it('is left alone while its connection mends itself, and looked after where that takes long', async () => {
    const world = new World();
    await world.begin();
    world.asked.length = 0;
    world.room.state.set('reconnecting');
    world.media?.reconnecting(true);
    await passes(4_000);
    expect(world.asked).toEqual([]);
    await passes(2_000);
    expect(world.asked).toEqual(['door']);
    world.door = async () => over('removed');
    await passes(5_000);
    expect(world.store.cause()).toBe('removed');
    await passes(60_000);
    expect(world.asked.filter((line) => line === 'door')).toHaveLength(2);
  });

  it('from its log alone hears it again in a moment', async () => {
    const world = new World();
    await world.begin();
    world.asked.length = 0;
    world.log = 'refused';
    world.events?.refused?.('refused');
    await passes(2_000);
    expect(world.asked).toEqual(['door', 'events of board-room']);
  });
});

describe('what happens in a meeting', () => {
  it('a message and a file are fetched when the log tells of them', async () => {
    const world = await inside();
    world.happens('message.created', { messageId: 'm', authorId: 'u-lea' });
    world.happens('file.available', { fileId: 'f', ownerId: 'u-lea' });
    world.happens('file.deleted', { fileId: 'f' });
    expect(world.asked).toEqual(['chat refreshed', 'files loaded', 'files loaded']);
  });

  it('what was missed before the socket stood is fetched, the door included', async () => {
    const world = await inside();
    world.events?.connected?.();
    expect(world.asked).toEqual(['chat refreshed', 'files loaded', 'door']);
  });

  it('a renamed room is shown by its new name; a door that refuses tells nothing', async () => {
    const world = await inside();
    world.door = async () => ({ ...door, name: 'Supervisory board' });
    world.happens('room.updated', {});
    await settled();
    expect(world.store.roomName()).toBe('Supervisory board');
    world.door = async () => ({ ...door, standing: 'refused', name: null });
    world.happens('room.updated', {});
    await settled();
    expect(world.store.roomName()).toBe('Supervisory board');
  });

  it('a new role holds at once for menus and files, and is said', async () => {
    const world = await inside();
    world.says = { role: 'moderator', can: ['meeting.end'] };
    world.happens('participant.permissions', { joinId: 'j-tom' });
    await settled();
    expect(world.store.may('meeting.end')).toBe(true);
    expect(world.asked).toEqual(['files loaded']);
    world.says = { role: 'participant', can: [] };
    world.happens('participant.permissions', { joinId: 'j-tom' });
    await settled();
    expect(world.store.may('meeting.end')).toBe(false);
    expect(world.toasts).toEqual(['Your role here is now: Co-host.', 'Your role here is now: Participant.']);
  });

  it('what one may do is asked again when the room changes, and said by nobody', async () => {
    const world = await inside();
    world.says = { role: 'moderator', can: ['room.invite'] };
    world.happens('room.updated', {});
    await settled();
    expect([world.store.may('room.invite'), world.toasts]).toEqual([true, []]);
  });

  it('a meeting that starts anew counts its time from there', async () => {
    const world = await inside();
    world.happens('meeting.started', {}, '2026-11-26T11:00:00Z');
    expect(world.store.startedAt()).toBe(Date.parse('2026-11-26T11:00:00Z'));
  });

  it('who comes is said, oneself is not', async () => {
    const world = await inside();
    world.happens('participant.joined', { joinId: 'j-tom', userId: 'u-tom', displayName: 'Tom' });
    expect(world.said()).toBe('');
    world.happens('participant.joined', { joinId: 'j-lea', userId: 'u-lea', displayName: 'Lea Novak' });
    expect(world.said()).toBe('Lea Novak joined.');
    world.happens('participant.left', { joinId: 'j-lea', userId: 'u-lea', reason: 'left' });
    expect(world.said()).toBe('Lea Novak left.');
  });

  it('a mute by a host and a device that fails are told; a chooser that was closed is not', async () => {
    const world = await inside();
    world.media?.sharingFailed(Object.assign(new Error(), { name: 'NotAllowedError' }));
    expect(world.toasts).toEqual([]);
    world.media?.mutedByHost();
    world.media?.deviceFailed({ kind: 'camera', cause: 'in-use', title: 'The camera is in use', text: 'Close it.' });
    world.media?.sharingFailed(new Error('broken'));
    expect(world.toasts).toEqual([
      'A host muted you. You can turn your microphone on again.',
      'The camera is in use. Close it.',
      'Your screen could not be presented. Allow it in the system’s privacy settings, then try again.',
    ]);
  });

  it('the end takes along what was asked: no question and no offer stands over it', async () => {
    const world = await inside();
    const sure = TestBed.inject(Dialogs).confirm({ title: 'Remove Tom?', text: '', action: 'Remove' });
    world.media?.deviceAllowed('microphone');
    expect(world.toasts).toHaveLength(1);
    world.events?.ended('meeting_ended');
    expect(await sure).toBe(false);
    expect([world.store.cause(), world.toasts]).toEqual(['ended-by-host', []]);
  });

  it('a device that was allowed is offered, and goes on by a click alone', async () => {
    const world = await inside();
    world.media?.deviceAllowed('camera');
    expect(world.toasts).toEqual(['The camera is allowed now.']);
    expect(world.asked).not.toContain('camera true');
    TestBed.inject(Toasts)
      .list()[0]
      ?.actions.find(({ label }) => label === 'Turn camera on')
      ?.run();
    expect(world.asked).toContain('camera true');
  });
});
