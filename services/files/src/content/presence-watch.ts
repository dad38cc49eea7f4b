import type { Permission } from '@conclave/contracts';
import { DomainError, type ErrorReason } from '@conclave/errors';
import { PresenceLease, type LeaseTime } from '@conclave/platform';
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

/** Bytes that one proof of presence covers. */
export const bytesPerProof = 1024 * 1024;
/** Answers that end a stream at once. */
const lost: readonly ErrorReason[] = ['NOT_PRESENT', 'PERMISSION_DENIED'];

/**
 * Keeps one stream honest: a lease of presence, renewed as time goes by and once for every MiB. The proof for a MiB is asked for while the
 * last bytes of the MiB before it go out, so that a fast stream seldom waits for the bus.
 */
export class PresenceWatch {
  private readonly ended: (() => void)[] = [];
  private left = bytesPerProof;
  /** The proof that `left` counts under. */
  private countedFrom: number;
  /** No byte beyond this MiB goes out by a proof that was asked for earlier. */
  private neededSince = 0;

  private constructor(
    private readonly lease: PresenceLease<PresenceProof>,
    readonly owner: StreamOwner,
    private readonly now: () => number,
  ) {
    this.countedFrom = lease.provenAt;
  }

  /** Proves presence; rejects with NOT_PRESENT, or with what kept it from being proven. */
  static async begin(presence: Presence, owner: StreamOwner, time?: LeaseTime): Promise<PresenceWatch> {
    const lease = await PresenceLease.begin<PresenceProof>({
      prove: (timeoutMs) => prove(presence, owner, timeoutMs),
      refuses: (error) => error instanceof DomainError && lost.includes(error.reason),
      ...(time && { time }),
    });
    return new PresenceWatch(lease, owner, time ? () => time.now() : () => performance.now());
  }

  /** Fires when presence is lost; its reason is the refusal. */
  get signal(): AbortSignal {
    return this.lease.signal;
  }

  get joinId(): string {
    return this.lease.proof.joinId;
  }

  /** What they may do in the room, by the last proof. */
  may(permission: Permission): boolean {
    return this.lease.proof.permissions.includes(permission);
  }

  /** To be awaited before `bytes` are released. */
  async spend(bytes: number): Promise<void> {
    this.lease.require();
    if (this.left <= 0) await this.lease.since(this.neededSince);
    if (this.lease.provenAt !== this.countedFrom) {
      this.countedFrom = this.lease.provenAt;
      // What was sent beyond the last MiB counts against this one.
      this.left = bytesPerProof + Math.min(0, this.left);
    }
    this.left -= bytes;
    if (this.left > 0) return;
    this.neededSince = this.now();
    void this.lease.renew();
  }

  /** A fresh proof, asked for now. */
  async proveNow(): Promise<void> {
    await this.lease.since(this.now());
  }

  /** Presence is over: somebody said so. */
  revoke(): void {
    this.lease.revoke();
  }

  onEnd(task: () => void): void {
    this.ended.push(task);
  }

  /** The stream is over. */
  end(): void {
    this.lease.stop();
    for (const task of this.ended.splice(0)) task();
  }
}

async function prove(presence: Presence, owner: StreamOwner, timeoutMs: number): Promise<PresenceProof> {
  const { roomId, userId, service = '', sessionId, credentialId, action } = owner;
  const question = { room: { id: roomId }, userId, service, sessionId, credentialId };
  const proof = await presence.prove(question, timeoutMs);
  if (!proof.permissions.includes(permissionOf[action])) throw new DomainError('PERMISSION_DENIED');
  return proof;
}
