import { Component, computed, inject } from '@angular/core';
import { formatBytes, formatCount } from '../../core/format';
import { plural } from '../../core/plural';
import { Icon } from '../../shared/icon/icon';
import { RoomFiles } from './room-files';
import { timeLeft } from './time-left';

/** All uploads together: how many, how far, how fast, how long still. */
@Component({
  selector: 'cv-upload-summary',
  imports: [Icon],
  styleUrl: './upload-summary.css',
  template: `
    @if (totals().count + totals().arrived > 1 && totals().count > 0) {
      <div class="sum">
        <b>{{ heading() }}</b>
        <span class="num">{{ words() }}</span>
        <div
          class="bar"
          role="progressbar"
          i18n-aria-label="@@files.allUploads"
          aria-label="All uploads"
          aria-valuemin="0"
          aria-valuemax="100"
          [attr.aria-valuenow]="percent()"
        >
          <i [style.width.%]="percent()" [class.still]="stands()"></i>
        </div>
      </div>
      @if (totals().running > 0) {
        <button
          class="icon-btn"
          type="button"
          i18n-aria-label="@@files.pauseAll"
          aria-label="Pause all"
          (click)="queue.holdAll()"
        >
          <cv-icon name="pause" />
        </button>
      } @else {
        <button
          class="icon-btn"
          type="button"
          i18n-aria-label="@@files.resumeAll"
          aria-label="Go on with all"
          (click)="queue.resumeAll()"
        >
          <cv-icon name="play" />
        </button>
      }
    }
    <span class="visually-hidden" role="status">{{ queue.said() }}</span>
  `,
})
export class UploadSummary {
  protected readonly queue = inject(RoomFiles).queue;
  protected readonly totals = this.queue.totals;
  /** Nothing moves: all are paused, or wait for the network. */
  protected readonly stands = computed(() => this.totals().running === 0 || this.totals().hold !== null);
  protected readonly percent = computed(() => {
    const { sent, size } = this.totals();
    return size === 0 ? 100 : Math.floor((sent / size) * 100);
  });
  protected readonly heading = computed(() => {
    const { count, arrived, paused, running } = this.totals();
    if (running === 0)
      return plural(
        $localize`:@@files.allPaused:{COUNT, plural, =1 {One file is paused} other {# files are paused}}`,
        paused,
      );
    // Before the first has arrived, as many are left as there are.
    if (arrived === 0)
      return plural(
        $localize`:@@files.allOnTheirWay:{COUNT, plural, =1 {One file is on its way} other {# files are on their way}}`,
        count,
      );
    return plural(
      $localize`:@@files.allLeft:{COUNT, plural, =1 {One file of {ALL} is left} other {# files of {ALL} are left}}`,
      count,
      { ALL: formatCount(count + arrived) },
    );
  });
  protected readonly words = computed(() => {
    const { sent, size, bytesPerSecond, hold } = this.totals();
    const [done, all] = [formatBytes(sent), formatBytes(size)];
    if (hold === 'offline')
      return $localize`:@@files.heldOffline:${done}:SENT: of ${all}:SIZE:. Goes on when you are back online.`;
    if (hold === 'busy')
      return $localize`:@@files.heldBusy:${done}:SENT: of ${all}:SIZE:. Goes on by itself in a moment.`;
    if (bytesPerSecond < 1) return $localize`:@@files.sentOf:${done}:SENT: of ${all}:SIZE:`;
    const left = timeLeft(size - sent, bytesPerSecond);
    return $localize`:@@files.sentRate:${done}:SENT: of ${all}:SIZE:, ${formatBytes(bytesPerSecond)}:RATE: a second, ${left}:LEFT: left`;
  });
}
