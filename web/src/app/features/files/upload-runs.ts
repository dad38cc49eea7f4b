import { effect, inject, untracked } from '@angular/core';
import { Api } from '../../core/api/api';
import { ApiProblem, asProblem } from '../../core/api/problem';
import { Uploads } from '../../core/api/upload';
import { Network } from '../../core/device/network';
import { stopwatch } from '../../core/time/server-clock';
import { fingerprint } from '../../core/uploads/picked-file';
import { lockUpload, type HeldLock } from '../../core/uploads/upload-locks';
import { TransferRate } from './transfer-rate';
import { sendWhole, WITH_BEGIN_BYTES, type Hold } from './upload-course';
import type { UploadList } from './upload-list';
import { isSpent, still } from './upload-view';
import type { Wanted } from './wanted-upload';

/** A bar that moves more often is not seen to move more. */
const TELL_EVERY_MS = 100;

interface Running {
  readonly stop: AbortController;
  lock: HeldLock | null;
}

/** What is decided elsewhere when a run ends. */
export interface RunEnds {
  arrived(id: number, stored: string): Promise<void>;
  /** Another tab of this browser sends it. */
  taken(id: number): void;
  /** The server takes us for outside. */
  outside(): void;
  /** However it ended: another one may begin. */
  over(): void;
}

/** The uploads that are sent just now: each from its begin to its end, and what its end means for its row. */
export class UploadRuns {
  private readonly api = inject(Api);
  private readonly uploads = inject(Uploads);
  private readonly network = inject(Network);
  private readonly running = new Map<number, Running>();
  private wakes = Promise.withResolvers<undefined>();
  private cut = new AbortController();

  constructor(
    private readonly list: UploadList,
    private readonly ends: RunEnds,
  ) {
    effect(() => {
      const online = this.network.online();
      untracked(() => (online ? this.wake() : this.breakOff()));
    });
  }

  get count(): number {
    return this.running.size;
  }

  has(id: number): boolean {
    return this.running.has(id);
  }

  ids(): readonly number[] {
    return [...this.running.keys()];
  }

  /** The server answers: whoever waits for that need not wait longer. */
  wake(): void {
    this.wakes.resolve(undefined);
    this.wakes = Promise.withResolvers();
  }

  stop(id: number): void {
    const running = this.running.get(id);
    this.running.delete(id);
    running?.stop.abort();
    running?.lock?.release();
  }

  async start(id: number, wanted: Wanted, file: File): Promise<void> {
    const running: Running = { stop: new AbortController(), lock: null };
    this.running.set(id, running);
    this.list.change(id, { state: 'sending', error: null });
    try {
      const stored = await this.send(id, wanted, file, running);
      if (stored !== null) await this.arrived(id, stored);
    } catch (error) {
      if (this.running.get(id) === running) await this.failed(id, wanted, error);
    } finally {
      running.lock?.release();
      if (this.running.get(id) === running) this.running.delete(id);
      this.ends.over();
    }
  }

  /** Answers the file's id, or null where another tab sends it. @throws ApiProblem */
  private async send(id: number, wanted: Wanted, file: File, running: Running): Promise<string | null> {
    const { signal: stopped } = running.stop;
    if (wanted.id !== null && !(await this.takeLock(id, wanted, running))) return null;
    // Before it begins: from then on a reload finds it.
    if (file.size > WITH_BEGIN_BYTES) await notePrint(wanted, file);
    wanted.asked = wanted.id === null;
    return sendWhole(this.uploads, {
      slug: this.list.slug,
      name: this.list.view(id)?.name ?? file.name,
      file,
      key: wanted.key,
      id: wanted.id,
      signal: stopped,
      woken: () => this.wakes.promise,
      online: () => this.network.online(),
      cut: () => this.cut.signal,
      began: async (place, whole) => {
        this.list.begun(id, place);
        if (whole) return;
        await notePrint(wanted, file);
        void this.list.keep([id]);
        await this.takeLock(id, wanted, running);
      },
      ...this.teller(id, file, stopped),
    });
  }

  /** Shows how far it is, how fast, and why it stands still. */
  private teller(id: number, file: File, stopped: AbortSignal) {
    const rate = new TransferRate();
    let toldAt = 0;
    return {
      sent: (bytes: number) => {
        const [now, whole] = [stopwatch(), bytes >= file.size];
        rate.add(bytes, now);
        if (stopped.aborted || (!whole && now - toldAt < TELL_EVERY_MS)) return;
        toldAt = now;
        const state = whole ? 'sealing' : 'sending';
        this.list.change(id, { sent: bytes, bytesPerSecond: rate.bytesPerSecond(), state });
      },
      held: (why: Hold | null) => {
        if (stopped.aborted || (this.list.view(id)?.hold ?? null) === why) return;
        if (why) rate.restart();
        this.list.change(id, { hold: why, ...(why && { bytesPerSecond: 0 }) });
      },
    };
  }

  /** False where another tab sends it: then this one shows that. */
  private async takeLock(id: number, wanted: Wanted, running: Running): Promise<boolean> {
    const lock = wanted.id === null ? null : await lockUpload(wanted.id, wanted.steals);
    wanted.steals = false;
    if (running.stop.signal.aborted) {
      lock?.release();
      return false;
    }
    if (!lock) {
      this.taken(id);
      return false;
    }
    running.lock = lock;
    lock.lost.catch(() => {
      if (this.running.get(id) === running) this.taken(id);
    });
    return true;
  }

  private taken(id: number): void {
    this.stop(id);
    this.list.change(id, { state: 'elsewhere', ...still });
    this.ends.taken(id);
  }

  private arrived(id: number, stored: string): Promise<void> {
    this.running.delete(id);
    return this.ends.arrived(id, stored);
  }

  private async failed(id: number, wanted: Wanted, error: unknown): Promise<void> {
    const { reason, offline } = asProblem(error);
    if (!offline) wanted.asked = false;
    if (reason === 'NOT_PRESENT') return this.ends.outside();
    if (reason === 'NOT_FOUND' && wanted.id !== null) {
      // Its last answer was lost, or it has ended: the room knows which.
      const file = await this.api.file(this.list.slug, wanted.id).catch(() => null);
      if (file?.status === 'available') return this.arrived(id, file.id);
      return this.list.change(id, { state: 'failed', error: new ApiProblem('UPLOAD_ABORTED'), ...still });
    }
    if (isSpent(error) && wanted.id === null) {
      // The try before came to nothing, and nothing of it was kept: this one is the first.
      this.list.beginAnew(id);
      return this.list.change(id, { state: 'waiting', sent: 0, ...still });
    }
    if (reason === 'CONFLICT') return this.list.change(id, { state: 'elsewhere', ...still });
    this.list.change(id, { state: 'failed', error, ...still });
  }

  /** Without a network nobody answers what is asked just now. */
  private breakOff(): void {
    for (const id of this.running.keys()) this.list.change(id, { hold: 'offline', bytesPerSecond: 0 });
    this.cut.abort();
    this.cut = new AbortController();
  }
}

/** What a file that is chosen after a reload is compared with. */
async function notePrint(wanted: Wanted, file: File): Promise<void> {
  wanted.print ??= await fingerprint(file, wanted.key).catch(() => null);
}
