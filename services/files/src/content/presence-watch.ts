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
/** So many bytes before the end of what is covered, the next proof is asked for. */
const askAheadBytes = bytesPerProof / 2;
/** Answers that end a stream at once. */
const lost: readonly ErrorReason[] = ['NOT_PRESENT', 'PERMISSION_DENIED'];

/**
 * Keeps one stream honest: a lease of presence, renewed as time goes by and once for every MiB. The proof for a MiB is asked for while the
 * second half of the MiB before it goes out, so that a fast stream does not wait for the bus.
 */
export class PresenceWatch {
  private readonly ended: (() => void)[] = [];
  /** Bytes that may go out by the proofs that are there. */
  private left = bytesPerProof;
  /** When the proof for the next MiB was asked for; no byte of it goes out by an earlier one. */
  private askedAt: number | undefined;

  private constructor(
    private readonly lease: PresenceLease<PresenceProof>,
    readonly owner: StreamOwner,
    private readonly now: () => number,
  ) {}

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
    // What was sent beyond a MiB counts against the next one.
    while (this.left <= 0) {
      await this.lease.since(this.ask());
      this.left += bytesPerProof;
      this.askedAt = undefined;
    }
    this.left -= bytes;
    if (this.left <= askAheadBytes) this.ask();
  }

  /** Asks for the proof of the next MiB, once; when that was. */
  private ask(): number {
    if (this.askedAt === undefined) {
      this.askedAt = this.now();
      void this.lease.renew();
    }
    return this.askedAt;
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
