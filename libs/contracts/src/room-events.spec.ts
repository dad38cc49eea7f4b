import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Audience } from './common.js';
import { audiencesInside, eventFromJson, eventKinds, isFor, roomEventJson, rooms, typesFor } from './index.js';

const at = timestampFromDate(new Date('2026-11-26T16:00:00.000Z'));
const kinds = eventKinds(rooms.RoomEventSchema);
const marta = 'marta';
const inside = { userId: marta, audiences: audiencesInside('participant') };
const host = { userId: 'host', audiences: audiencesInside('moderator') };
const waiting = { userId: 'early', audiences: [Audience.WAITING, Audience.PERSON] };
const of = (kind: { case: string }, personId = ''): Pick<rooms.RoomEvent, 'event' | 'personId'> => ({
  event: { case: kind.case, value: {} } as rooms.RoomEvent['event'],
  personId,
});

describe('room events', () => {
  it('say for every kind who hears of it, under a name of its own', () => {
    for (const kind of kinds) expect([kind.type, kind.audience]).not.toEqual([kind.type, Audience.UNSPECIFIED]);
    expect(new Set(kinds.map(({ type }) => type)).size).toBe(kinds.length);
    expect(new Set(kinds.map(({ audience }) => audience)).size).toBe(4);
    for (const { type } of kinds) expect(type).toMatch(/^[a-z]+\.[a-z_]+$/);
  });

  it.each(kinds.map((kind) => [kind.type, kind] as const))('%s reaches its audience and nobody else', (_type, kind) => {
    const heardBy = [
      ...(isFor(of(kind, marta), inside) ? ['the person'] : []),
      ...(isFor(of(kind, 'somebody else'), inside) ? ['inside'] : []),
      ...(isFor(of(kind, 'somebody else'), host) ? ['hosts'] : []),
      ...(isFor(of(kind, 'somebody else'), waiting) ? ['waiting'] : []),
      ...(isFor(of(kind, marta), { userId: marta, audiences: [] }) ? ['outside'] : []),
    ];
    const expected: Record<Audience, string[]> = {
      [Audience.UNSPECIFIED]: [],
      [Audience.INSIDE]: ['the person', 'inside', 'hosts'],
      [Audience.HOSTS]: ['hosts'],
      [Audience.PERSON]: ['the person'],
      [Audience.WAITING]: ['waiting'],
    };
    expect(heardBy).toEqual(expected[kind.audience]);
  });

  it('of an unknown kind reach nobody', () => {
    const everything = [Audience.UNSPECIFIED, Audience.INSIDE, Audience.HOSTS, Audience.PERSON, Audience.WAITING];
    const unknown = { event: { case: undefined }, personId: marta } as const;
    expect(isFor(unknown, { userId: marta, audiences: everything })).toBe(false);
    expect(roomEventJson({ seq: 1n, at, ...unknown })).toBeUndefined();
    expect(typesFor([Audience.UNSPECIFIED])).toEqual([]);
  });

  it('have one form outside, with every fact in it', () => {
    const event = create(rooms.RoomEventSchema, {
      seq: 7n,
      at,
      event: { case: 'participantLeft', value: { joinId: 'j', userId: 'u' } },
    });
    expect(roomEventJson(event)).toEqual({
      seq: 7,
      type: 'participant.left',
      at: '2026-11-26T16:00:00.000Z',
      data: { joinId: 'j', userId: 'u', reason: '' },
    });
  });

  it('are read from rows of every release: facts and kinds that are not known are left out', () => {
    const read = (type: string, facts: unknown) => eventFromJson<rooms.RoomEvent>(rooms.RoomEventSchema, type, facts);
    expect(read('file.available', { fileId: 'f', ownerId: 'o' })).toMatchObject({
      case: 'fileAvailable',
      value: { fileId: 'f', ownerId: 'o' },
    });
    expect(read('file.deleted', { fileId: 'f', later: [1] })).toMatchObject({ case: 'fileDeleted' });
    expect(read('hand.raised', {})).toEqual({ case: undefined });
    expect(() => read('file.deleted', { fileId: 4 })).toThrow();
  });
});
