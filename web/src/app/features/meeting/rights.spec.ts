import { jest } from '@jest/globals';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Api, type Participant, type Permission, type RoomRole } from '../../core/api/api';
import { MeetingRoom } from './meeting-room';
import { Rights } from './rights';

/** A room whose API and media server say what the spec decides. */
class World {
  readonly asked: string[] = [];
  role: RoomRole = 'participant';
  can: readonly Permission[] = [];
  people: (Pick<Participant, 'joinId' | 'can'> & Partial<Participant>)[] = [];
  readonly participants = signal<readonly { joinId: string; role: RoomRole }[]>([]);
  /** What the next question about people waits for. */
  slow: Promise<unknown> = Promise.resolve();
  readonly rights: Rights;

  constructor() {
    const api = {
      room: async (slug: string) => {
        this.asked.push(`room ${slug}`);
        return { role: this.role, can: this.can };
      },
      participants: async (slug: string) => {
        this.asked.push(`people of ${slug}`);
        const items = this.people;
        await this.slow;
        return { items };
      },
    };
    TestBed.configureTestingModule({
      providers: [
        Rights,
        { provide: Api, useValue: api },
        { provide: MeetingRoom, useValue: { participants: this.participants } },
      ],
    });
    this.rights = TestBed.inject(Rights);
    TestBed.tick();
  }
}

const toAnna = (rights: Rights) => [
  rights.mayTo('j-anna', 'participant.mute'),
  rights.mayTo('j-anna', 'room.roles'),
  rights.mayAnything('j-anna'),
];

describe('what one may do in a meeting', () => {
  it('is what the door has said, and towards people what the list says of each', async () => {
    const { rights, people } = new World();
    people.push({ joinId: 'j-anna', can: ['participant.mute'] }, { joinId: 'j-owner', can: [] });
    rights.open('board', ['participant.mute']);
    expect([rights.may('participant.mute'), rights.may('meeting.end')]).toEqual([true, false]);
    expect(toAnna(rights)).toEqual([false, false, false]);
    await rights.readPeople();
    expect(toAnna(rights)).toEqual([true, false, true]);
    expect([rights.mayAnything('j-owner'), rights.mayAnything('j-nobody')]).toEqual([false, false]);
  });

  it('is nothing towards people where one may do nothing to anybody, and then nobody is asked for', async () => {
    const world = new World();
    world.rights.open('board', ['chat.write', 'meeting.end']);
    await world.rights.readPeople();
    world.participants.set([{ joinId: 'j-anna', role: 'participant' }]);
    TestBed.tick();
    expect(world.asked).toEqual([]);
  });

  it('comes and goes at once with one’s own role', async () => {
    const world = new World();
    world.people = [{ joinId: 'j-anna', can: ['participant.mute', 'room.roles'] }];
    world.rights.open('board', []);
    Object.assign(world, { role: 'moderator', can: ['participant.mute'] });
    expect(await world.rights.refresh()).toBe('moderator');
    expect(toAnna(world.rights)).toEqual([true, true, true]);
    Object.assign(world, { role: 'participant', can: [] });
    expect(await world.rights.refresh()).toBe('participant');
    expect(toAnna(world.rights)).toEqual([false, false, false]);
  });

  it('is asked again when the media server tells of somebody else’s new role, not of their camera', async () => {
    const world = new World();
    world.rights.open('board', ['participant.mute']);
    world.participants.set([{ joinId: 'j-anna', role: 'participant' }]);
    TestBed.tick();
    expect(world.asked).toEqual(['people of board']);
    world.participants.set([{ joinId: 'j-anna', role: 'participant' }]);
    TestBed.tick();
    expect(world.asked).toHaveLength(1);
    world.participants.set([{ joinId: 'j-anna', role: 'moderator' }]);
    TestBed.tick();
    expect(world.asked).toHaveLength(2);
  });

  it('is what the newest answer says, whichever comes last', async () => {
    const world = new World();
    world.rights.open('board', ['participant.mute']);
    let arrives = (): void => undefined;
    world.slow = new Promise<void>((resolve) => (arrives = resolve));
    world.people = [{ joinId: 'j-anna', can: ['participant.mute'] }];
    const old = world.rights.readPeople();
    world.slow = Promise.resolve();
    world.people = [];
    await world.rights.readPeople();
    arrives();
    await old;
    expect(world.rights.mayAnything('j-anna')).toBe(false);
  });
});

describe('who is on the way in', () => {
  const lea = { joinId: 'j-lea', displayName: 'Lea', can: [], state: 'arriving' } as const;
  const names = ({ rights }: World) => rights.arriving().map(({ displayName }) => displayName);
  afterEach(() => void jest.useRealTimers());

  it('is whom the API calls arriving, until they are connected; never oneself', async () => {
    const world = new World();
    world.rights.open('board', ['participant.mute'], 'j-me');
    world.people = [lea, { ...lea, joinId: 'j-me' }, { ...lea, joinId: 'j-tom', state: 'inside' }];
    await world.rights.readPeople();
    expect(names(world)).toEqual(['Lea']);
    world.participants.set([{ joinId: 'j-lea', role: 'participant' }]);
    expect(names(world)).toEqual([]);
  });

  it('is read again and again while anybody looks at the list, also who may do nothing there', async () => {
    jest.useFakeTimers();
    const world = new World();
    world.rights.open('board', []);
    const stop = world.rights.watchPeople();
    world.people = [lea];
    await jest.advanceTimersByTimeAsync(4_000);
    expect(names(world)).toEqual(['Lea']);
    expect(world.asked).toHaveLength(2);
    stop();
    await jest.advanceTimersByTimeAsync(60_000);
    await world.rights.readPeople();
    expect(world.asked).toHaveLength(2);
  });
});
