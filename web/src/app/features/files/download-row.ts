import { Component, computed, inject, input } from '@angular/core';
import { tryingAgainHelps } from '../../core/api/problem';
import { formatBytes } from '../../core/format';
import { lineFor } from '../../core/words';
import { Icon } from '../../shared/icon/icon';
import type { DownloadView } from './download-queue';
import { kindOf } from './file-kind';
import { RoomFiles } from './room-files';
import { timeLeft } from './time-left';

/** A large file on its way to this device. */
@Component({
  selector: 'cv-download-row',
  imports: [Icon],
  styleUrl: './file-row.css',
  template: `
    <span class="kind" [class]="kind().tone" aria-hidden="true">{{ kind().label }}</span>
    <div class="what">
      <b dir="auto" [title]="download().name">{{ download().name }}</b>
      <span class="m num" [class.failed]="download().state === 'failed'" [attr.role]="said()">{{ words() }}</span>
      @if (download().state === 'receiving' || download().state === 'paused') {
        <div
          class="bar"
          role="progressbar"
          i18n-ariaLabel="@@files.downloadOf"
          ariaLabel="Download of {{ download().name }}"
          aria-valuemin="0"
          aria-valuemax="100"
          [attr.aria-valuenow]="percent()"
        >
          <i [style.width.%]="percent()" [class.still]="download().state === 'paused' || download().hold !== null"></i>
        </div>
      }
    </div>
    <div class="acts">
      @switch (download().state) {
        @case ('receiving') {
          <button
            class="icon-btn"
            type="button"
            i18n-ariaLabel="@@files.pauseDownload"
            ariaLabel="Pause the download of {{ download().name }}"
            (click)="queue.hold(download().id)"
          >
            <cv-icon name="pause" />
          </button>
        }
        @case ('paused') {
          <button
            class="icon-btn"
            type="button"
            i18n-ariaLabel="@@files.resumeDownload"
            ariaLabel="Go on with the download of {{ download().name }}"
            (click)="queue.resume(download().id)"
          >
            <cv-icon name="play" />
          </button>
        }
        @case ('failed') {
          @if (mayTryAgain()) {
            <button
              class="icon-btn"
              type="button"
              i18n-ariaLabel="@@files.tryAgain"
              ariaLabel="Try again: {{ download().name }}"
              (click)="queue.resume(download().id)"
            >
              <cv-icon name="refresh-cw" />
            </button>
          }
        }
      }
      <button class="icon-btn" type="button" [attr.aria-label]="cancelLabel()" (click)="queue.cancel(download().id)">
        <cv-icon name="x" />
      </button>
    </div>
  `,
})
export class DownloadRow {
  readonly download = input.required<DownloadView>();
  protected readonly queue = inject(RoomFiles).downloads;
  protected readonly kind = computed(() => kindOf(this.download().name));
  protected readonly mayTryAgain = computed(() => tryingAgainHelps(this.download().error));
  protected readonly said = computed(() => (this.download().state === 'done' ? 'status' : null));
  protected readonly percent = computed(() => Math.floor((this.download().received / this.download().size) * 100));
  protected readonly cancelLabel = computed(() => {
    const { name, state } = this.download();
    /* eslint-disable conclave/isolated-names -- a label is heard */
    return state === 'failed' || state === 'done'
      ? $localize`:@@files.dismiss:Dismiss ${name}:NAME:`
      : $localize`:@@files.cancelDownload:Cancel the download of ${name}:NAME:`;
    /* eslint-enable conclave/isolated-names */
  });
  protected readonly words = computed(() => {
    const { state, hold, received, size, bytesPerSecond, error } = this.download();
    const [done, all] = [formatBytes(received), formatBytes(size)];
    if (state === 'failed') return lineFor(error);
    if (state === 'done') return $localize`:@@files.downloaded:On this device, ${all}:SIZE:, whole`;
    if (state === 'paused') return $localize`:@@files.paused:Paused, ${done}:SENT: of ${all}:SIZE:`;
    if (hold === 'offline')
      return $localize`:@@files.heldOffline:${done}:SENT: of ${all}:SIZE:. Goes on when you are back online.`;
    if (hold === 'busy')
      return $localize`:@@files.heldBusy:${done}:SENT: of ${all}:SIZE:. Goes on by itself in a moment.`;
    if (bytesPerSecond < 1) return $localize`:@@files.sentOf:${done}:SENT: of ${all}:SIZE:`;
    const left = timeLeft(size - received, bytesPerSecond);
    return $localize`:@@files.sentRate:${done}:SENT: of ${all}:SIZE:, ${formatBytes(bytesPerSecond)}:RATE: a second, ${left}:LEFT: left`;
  });
}
