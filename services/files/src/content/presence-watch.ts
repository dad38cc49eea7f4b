import { setTimeout } from 'node:timers/promises';
import type { Permission } from '@conclave/contracts';
import { DomainError, type ErrorReason } from '@conclave/errors';
import type { HopAction } from '../file/hop-token.js';
import type { Presence, PresenceProof } from '../presence/presence.js';

/** Whose stream it is. */
export interface StreamOwner {
  readonly roomId: string;
  readonly userId: string;
  readonly service?: string;
  readonly sessionId: string;
  readonly credentialId: string;
  readonly action: HopAction;
}

/** What each kind of stream needs, for as long as it is open. */
const permissionOf = { upload: 'file.share', read: 'file.read' } as const satisfies Record<HopAction, Permission>;

/** The time that a watch goes by, so that a spec can let it pass. */
export interface WatchTime {
  /** Milliseconds of a monotonic clock. */
  now(): number;
  /** Does something again and again until it is told to stop. */
  every(ms: number, task: () => void): () => void;
  pause(ms: number): Promise<void>;
}

const machineTime: WatchTime = {
  now: () => performance.now(),
  every: (ms, task) => {
    const timer = setInterval(task, ms);
    return () => clearInterval(timer);
  },
  pause: (ms) => setTimeout(ms),
};

/** Bytes that one proof of presence covers. */
export const bytesPerProof = 1024 * 1024;
/** How old a proof may become while a stream is open, moving or not. */
export const proofEveryMs = 1_000;
export const lookEveryMs = 500;
const pauseMs = 100;
/** Answers that end a stream at once. */
const lost: readonly ErrorReason[] = ['NOT_PRESENT', 'PERMISSION_DENIED'];
/** How long a stream outlives its last proof when no answer comes. A refusal ends it at once. */
export const longestUnprovenMs = 4_000;

/**
 * Keeps one stream honest: proves presence before the first byte, then once for every MiB and whenever the last proof is
 * older than a second, and fires its signal (NOT_PRESENT) the moment it is lost. The proof for a MiB is asked for while the last
 * bytes of the MiB before it go out, so that a fast stream seldom waits for the bus.
 */
export class PresenceWatch {
  private readonly controller = new AbortController();
  private readonly stopLooking: () => void;
  private readonly ended: (() => void)[] = [];
  private left = bytesPerProof;
  private provenAt: number;
  private renewal: Promise<void> | undefined;

  private constructor(
    private readonly presence: Presence,
    readonly owner: StreamOwner,
    private proof: PresenceProof,
    private readonly time: WatchTime,
  ) {
    this.provenAt = time.now();
    this.stopLooking = time.every(lookEveryMs, () => {
      if (time.now() - this.provenAt >= proofEveryMs) void this.renew().catch(() => undefined);
    });
  }

  /** Proves presence; rejects with NOT_PRESENT, or with what kept it from being proven. */
  static async begin(presence: Presence, owner: StreamOwner, time = machineTime): Promise<PresenceWatch> {
    return new PresenceWatch(presence, owner, await prove(presence, owner), time);
  }

  /** Fires when presence is lost; its reason is the refusal. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get joinId(): string {
    return this.proof.joinId;
  }

  /** What they may do in the room, by the last proof. */
  may(permission: Permission): boolean {
    return this.proof.permissions.includes(permission);
  }

  /** To be awaited before `bytes` are released. */
  async spend(bytes: number): Promise<void> {
    this.signal.throwIfAborted();
    if (this.left <= 0) {
      await this.renew();
      this.signal.throwIfAborted();
    }
    this.left -= bytes;
    if (this.left <= 0) this.renew().catch(() => undefined);
  }

  /** A fresh proof, asked for now. */
  async proveNow(): Promise<void> {
    await this.renewal?.catch(() => undefined);
    this.signal.throwIfAborted();
    await this.renew();
    this.signal.throwIfAborted();
  }

  /** Presence is over: somebody said so. */
  revoke(): void {
    this.lose(new DomainError('NOT_PRESENT'));
  }

  onEnd(task: () => void): void {
    this.ended.push(task);
  }

  /** The stream is over. */
  end(): void {
    this.stopLooking();
    for (const task of this.ended.splice(0)) task();
  }

  private renew(): Promise<void> {
    this.renewal ??= this.ask().finally(() => (this.renewal = undefined));
    return this.renewal;
  }

  private async ask(): Promise<void> {
    if (this.signal.aborted) return;
    const askedAt = this.time.now();
    try {
      this.proof = await prove(this.presence, this.owner);
      this.provenAt = askedAt;
      // What was sent beyond the last MiB counts against this one.
      this.left = bytesPerProof + Math.min(0, this.left);
    } catch (error) {
      const refused = error instanceof DomainError && lost.includes(error.reason);
      if (refused) this.lose(error);
      else if (this.time.now() - this.provenAt > longestUnprovenMs)
        this.lose(new DomainError('NOT_PRESENT', { cause: error }));
      // Nothing is released on an old proof: whoever needs bytes asks again until the answer or the end comes.
      else if (this.left <= 0) return this.time.pause(pauseMs).then(() => this.ask());
    }
  }

  private lose(reason: DomainError): void {
    this.stopLooking();
    this.controller.abort(reason);
  }
}

async function prove(presence: Presence, owner: StreamOwner): Promise<PresenceProof> {
  const { roomId, userId, service = '', sessionId, credentialId, action } = owner;
  const proof = await presence.prove({ room: { id: roomId }, userId, service, sessionId, credentialId });
  if (!proof.permissions.includes(permissionOf[action])) throw new DomainError('PERMISSION_DENIED');
  return proof;
}
