import { DomainError } from '@conclave/errors';
import type { Presence, PresenceProof } from '../presence/presence.js';
import { bytesPerProof, PresenceWatch } from './presence-watch.js';

const owner = {
  roomId: 'room',
  userId: 'person',
  sessionId: 'session',
  credentialId: 'session',
  action: 'read',
} as const;

const proof: PresenceProof = {
  roomId: 'room',
  slug: 'slug',
  joinId: 'join',
  role: 'participant',
  permissions: ['file.read'],
};

/** Rooms: answers what it is told to. */
class FakeRooms implements Presence {
  asked = 0;
  refusal: DomainError | undefined;
  permissions: PresenceProof['permissions'] = proof.permissions;
  prove = async (): Promise<PresenceProof> => {
    this.asked += 1;
    if (this.refusal) throw this.refusal;
    return { ...proof, permissions: this.permissions };
  };
}

describe('a watch over one stream', () => {
  let rooms: FakeRooms;
  let watch: PresenceWatch;
  const lost = () => (watch.signal.reason as DomainError | undefined)?.reason;
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  beforeEach(async () => {
    rooms = new FakeRooms();
    watch = await PresenceWatch.begin(rooms, owner);
  });
  afterEach(() => watch.end());

  it('ends in the moment in which somebody tells', () => {
    watch.revoke();
    expect(lost()).toBe('NOT_PRESENT');
    expect(rooms.asked).toBe(1);
  });

  it.each([
    ['a refusal', 'NOT_PRESENT', () => (rooms.refusal = new DomainError('NOT_PRESENT'))],
    ['what the stream needs being taken away', 'PERMISSION_DENIED', () => (rooms.permissions = [])],
  ])('ends with %s in the next proof', async (_what, reason, change) => {
    change();
    await expect(watch.proveNow()).rejects.toMatchObject({ reason });
    expect(lost()).toBe(reason);
  });

  it('asks again after each MiB, and releases nothing beyond it on an old proof', async () => {
    await watch.spend(bytesPerProof);
    rooms.refusal = new DomainError('NOT_PRESENT');
    await settled();
    await watch.spend(bytesPerProof);
    await expect(watch.spend(1)).rejects.toMatchObject({ reason: 'NOT_PRESENT' });
  });

  it('asks once for a MiB, however many wait for it', async () => {
    await watch.spend(bytesPerProof);
    await settled();
    expect(rooms.asked).toBe(2);
    await watch.spend(bytesPerProof);
    await settled();
    expect(rooms.asked).toBe(3);
  });

  it('asks for the next MiB while the second half of one goes out, so that nothing waits', async () => {
    await watch.spend(bytesPerProof / 2);
    await settled();
    expect(rooms.asked).toBe(2);
    rooms.refusal = new DomainError('UNAVAILABLE');
    await watch.spend(bytesPerProof / 2);
    await watch.spend(1);
    expect(rooms.asked).toBe(2);
  });

  it('waits for a proof while rooms do not answer, and goes on once they do', async () => {
    rooms.refusal = new DomainError('UNAVAILABLE');
    await watch.spend(bytesPerProof);
    const waiting = watch.spend(1);
    await settled();
    rooms.refusal = undefined;
    await waiting;
    expect(lost()).toBeUndefined();
  });
});
