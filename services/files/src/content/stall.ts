import { DomainError } from '@conclave/errors';

/** How long a stream may stand still, whoever keeps it waiting. */
export const longestStallMs = 60_000;

/** Ends a stream that has stood still for a minute: slow bodies must not hold places for ever. */
export class Stall {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private movedAt = performance.now();

  constructor(longestMs = longestStallMs) {
    this.timer = setInterval(
      () => {
        if (performance.now() - this.movedAt < longestMs) return;
        this.controller.abort(new DomainError('UPLOAD_ABORTED', { message: 'the stream stood still' }));
      },
      Math.min(5_000, longestMs / 2),
    );
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  moved(): void {
    this.movedAt = performance.now();
  }

  /** Nobody is waited for until it moves again. */
  rest(): void {
    this.movedAt = Infinity;
  }

  end(): void {
    clearInterval(this.timer);
  }
}
