import { DomainError } from '@conclave/errors';
import type { Presence, PresenceProof } from '../presence/presence.js';
import { bytesPerProof, lookEveryMs, longestUnprovenMs, PresenceWatch, proofEveryMs } from './presence-watch.js';

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

/** Time that passes when it is told to. */
class FakeTime {
  private at = 0;
  private looks: (() => void)[] = [];
  now = () => this.at;
  every = (_ms: number, task: () => void) => {
    this.looks.push(task);
    return () => void (this.looks = []);
  };
  pause = () => Promise.resolve();

  /** Lets so many looks of the watch go by, each with everything that follows from it. */
  async pass(ms: number): Promise<void> {
    for (const end = this.at + ms; this.at < end;) {
      this.at += lookEveryMs;
      for (const look of this.looks) look();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

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
  let time: FakeTime;
  let rooms: FakeRooms;
  let watch: PresenceWatch;
  const lost = () => (watch.signal.reason as DomainError | undefined)?.reason;

  beforeEach(async () => {
    time = new FakeTime();
    rooms = new FakeRooms();
    watch = await PresenceWatch.begin(rooms, owner, time);
  });
  afterEach(() => watch.end());

  it('ends within two seconds of a leave that nobody told, though not a byte moves', async () => {
    expect(proofEveryMs + lookEveryMs).toBeLessThanOrEqual(2_000);
    await time.pass(proofEveryMs);
    rooms.refusal = new DomainError('NOT_PRESENT');
    await time.pass(proofEveryMs + lookEveryMs);
    expect(lost()).toBe('NOT_PRESENT');
  });

  it('ends as soon when what the stream needs is taken away', async () => {
    await time.pass(proofEveryMs);
    rooms.permissions = [];
    await time.pass(proofEveryMs + lookEveryMs);
    expect(lost()).toBe('PERMISSION_DENIED');
  });

  it('ends in the moment in which somebody tells', () => {
    watch.revoke();
    expect(lost()).toBe('NOT_PRESENT');
    expect(rooms.asked).toBe(1);
  });

  it('asks again after each MiB, and releases nothing beyond it on an old proof', async () => {
    await watch.spend(bytesPerProof);
    rooms.refusal = new DomainError('NOT_PRESENT');
    await new Promise((resolve) => setImmediate(resolve));
    await watch.spend(bytesPerProof);
    await expect(watch.spend(1)).rejects.toMatchObject({ reason: 'NOT_PRESENT' });
  });

  it('outlives rooms that do not answer for a few seconds, and no longer', async () => {
    rooms.refusal = new DomainError('UNAVAILABLE');
    await time.pass(longestUnprovenMs);
    expect(lost()).toBeUndefined();
    await time.pass(proofEveryMs + lookEveryMs);
    expect(lost()).toBe('NOT_PRESENT');
  });

  it('goes on once they answer again', async () => {
    rooms.refusal = new DomainError('UNAVAILABLE');
    await time.pass(longestUnprovenMs - lookEveryMs);
    rooms.refusal = undefined;
    await time.pass(10 * longestUnprovenMs);
    expect(lost()).toBeUndefined();
    expect(rooms.asked).toBeGreaterThan(10);
  });
});
