import { DomainError, type ErrorReason } from '@conclave/errors';
import { LiveConnections, type CutReason, type LivePlace } from './live-connections.js';
import { PresenceLeases } from './presence-leases.js';

const credential = { kind: 'session', token: 'cnv_ses_aaaaaaaaaaaaaaaa' } as const;

function stage() {
  const live = new LiveConnections();
  const rooms = { asked: 0, refusal: undefined as ErrorReason | undefined, heard: (): void => undefined };
  const keepPresence = async () => {
    rooms.asked += 1;
    setImmediate(rooms.heard);
    if (rooms.refusal) throw new DomainError(rooms.refusal);
    return {};
  };
  const leases = new PresenceLeases({ keepPresence } as never, { resolve: async () => ({ principal: 'p' }) } as never);
  const cuts: CutReason[] = [];
  const place = (): LivePlace => {
    const taken = live.reserve({ kind: 'download', userId: 'u1', credentialId: 's1' });
    taken.whenCut((why) => cuts.push(why));
    return taken;
  };
  return {
    rooms,
    cuts,
    hold: (roomId = 'r1') => leases.hold({ roomId, place: place(), credential }, performance.now()),
    /** Rooms has been asked once more, and what follows has happened. */
    asked: () => new Promise<void>((resolve) => (rooms.heard = resolve)),
  };
}

describe('leases of presence', () => {
  it('are one for all streams of a credential in a room, and cut all of them', async () => {
    const { rooms, cuts, hold, asked } = stage();
    hold();
    hold();
    rooms.refusal = 'NOT_PRESENT';
    await asked();
    expect(rooms.asked).toBe(1);
    expect(cuts).toEqual(['not-present', 'not-present']);
  });

  it('are asked for no more when the last stream has ended, and anew for the next', async () => {
    const { rooms, cuts, hold, asked } = stage();
    const [one, other] = [hold(), hold()];
    one();
    await asked();
    other();
    rooms.refusal = 'NOT_PRESENT';
    hold();
    await asked();
    expect([rooms.asked, cuts]).toEqual([2, ['not-present']]);
  });

  it('are of one room', async () => {
    const { rooms, cuts, hold, asked } = stage();
    hold('r1')();
    hold('r2');
    rooms.refusal = 'UNAUTHENTICATED';
    await asked();
    expect([rooms.asked, cuts]).toEqual([1, ['not-present']]);
  });

  it('end where nobody answers any more, and not where nobody ever did: a rooms of the release before', async () => {
    const knows = stage();
    const before = stage();
    before.rooms.refusal = 'UNAVAILABLE';
    knows.hold();
    before.hold();
    await knows.asked();
    knows.rooms.refusal = 'UNAVAILABLE';
    while (knows.cuts.length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    expect([knows.cuts, before.cuts]).toEqual([['not-present'], []]);
  });

  it('are none where files did not say the room', () => {
    const { rooms, cuts, hold } = stage();
    hold('')();
    expect([rooms.asked, cuts]).toEqual([0, []]);
  });
});
