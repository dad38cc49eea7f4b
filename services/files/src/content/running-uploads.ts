import { DomainError } from '@conclave/errors';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Uploads } from '../file/uploads.js';

/** How often it is looked whether another process has taken an upload over that runs here. */
const lookEveryMs = 1_000;

/** An upload that runs here. */
export interface RunningUpload {
  /** Fires when somebody else moves it from now on. */
  readonly signal: AbortSignal;
  end(): void;
}

/** Whoever continues an upload elsewhere, or in another tab, is the one who moves it: the older connection is told so. */
export const takenOver = (): DomainError =>
  new DomainError('CONFLICT', { details: { why: 'taken-over' }, message: 'a newer request has taken the upload over' });

/**
 * The uploads that this process receives. That a newer request has taken one over is noticed at once where it came to this process,
 * and within a second where it came to another. It is a courtesy: what is written carries its epoch, so the older one moves nothing.
 */
@Injectable()
export class RunningUploads implements OnModuleDestroy {
  private readonly open = new Map<string, { readonly epoch: number; readonly cut: AbortController }>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly uploads: Uploads) {}

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  begin(fileId: string, epoch: number): RunningUpload {
    this.overtaken(fileId);
    const own = { epoch, cut: new AbortController() };
    this.open.set(fileId, own);
    this.timer ??= setInterval(() => void this.look(), lookEveryMs).unref();
    return {
      signal: own.cut.signal,
      end: () => {
        if (this.open.get(fileId) === own) this.open.delete(fileId);
        if (this.open.size > 0) return;
        clearInterval(this.timer);
        this.timer = undefined;
      },
    };
  }

  /** Somebody has taken this upload over. */
  overtaken(fileId: string): void {
    this.open.get(fileId)?.cut.abort(takenOver());
  }

  private async look(): Promise<void> {
    const held = new Map([...this.open].map(([id, { epoch }]) => [id, epoch]));
    // Where the database does not answer, nothing is known; what is written there says it again.
    const gone = await this.uploads.overtaken(held).catch(() => []);
    for (const id of gone) if (this.open.get(id)?.epoch === held.get(id)) this.overtaken(id);
  }
}
