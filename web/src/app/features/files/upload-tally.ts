import { computed, signal } from '@angular/core';
import { plural } from '../../core/plural';
import type { UploadList } from './upload-list';
import { totalsOf } from './upload-view';

/** All uploads together, since the queue was last empty: what is on its way, what has arrived, and what is said of it. */
export class UploadTally {
  private readonly arrivals = signal({ count: 0, bytes: 0 });
  readonly totals = computed(() => totalsOf(this.list.views(), this.arrivals()));
  /** For whoever listens to the page: once for many. */
  readonly said = signal('');

  constructor(private readonly list: UploadList) {}

  /** Some more are about to be added. */
  before(): void {
    if (this.totals().count === 0) this.arrivals.set({ count: 0, bytes: 0 });
  }

  added(count: number): void {
    const words = $localize`:@@files.added:{COUNT, plural, =1 {One file is in the queue.} other {# files are in the queue.}}`;
    this.said.set(plural(words, count));
  }

  arrived(size: number): void {
    this.arrivals.update(({ count, bytes }) => ({ count: count + 1, bytes: bytes + size }));
    if (this.totals().count > 0) return;
    const words = $localize`:@@files.arrived:{COUNT, plural, =1 {The file is shared.} other {All # files are shared.}}`;
    this.said.set(plural(words, this.arrivals().count));
  }
}
