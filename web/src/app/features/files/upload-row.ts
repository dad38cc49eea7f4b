import { Component, computed, inject, input } from '@angular/core';
import { tryingAgainHelps } from '../../core/api/problem';
import { formatBytes, formatLength } from '../../core/format';
import { lineFor } from '../../core/words';
import { Icon } from '../../shared/icon/icon';
import { kindOf } from './file-kind';
import { RoomFiles, type UploadView } from './room-files';

/** A file on its way up. */
@Component({
  selector: 'cv-upload-row',
  imports: [Icon],
  styleUrl: './file-row.css',
  template: `
    <span class="kind" [class]="kind().tone" aria-hidden="true">{{ kind().label }}</span>
    <div class="what">
      <b dir="auto">{{ upload().name }}</b>
      <span class="m num" [class.failed]="upload().state === 'failed'">{{ words() }}</span>
      @if (upload().state !== 'failed') {
        <div
          class="bar"
          role="progressbar"
          i18n-ariaLabel="@@files.uploadOf"
          ariaLabel="Upload of {{ upload().name }}"
          aria-valuemin="0"
          aria-valuemax="100"
          [attr.aria-valuenow]="percent()"
        >
          <i [style.width.%]="percent()" [class.pulse]="upload().state === 'sealing'"></i>
        </div>
      }
    </div>
    <div class="acts">
      @if (mayTryAgain()) {
        <button
          class="icon-btn"
          type="button"
          i18n-ariaLabel="@@files.tryAgain"
          ariaLabel="Try again: {{ upload().name }}"
          (click)="files.retry(upload().id)"
        >
          <cv-icon name="refresh-cw" />
        </button>
      }
      <button class="icon-btn" type="button" [attr.aria-label]="cancelLabel()" (click)="files.cancel(upload().id)">
        <cv-icon name="x" />
      </button>
    </div>
  `,
})
export class UploadRow {
  readonly upload = input.required<UploadView>();
  protected readonly files = inject(RoomFiles);
  protected readonly kind = computed(() => kindOf(this.upload().name));
  protected readonly mayTryAgain = computed(
    () => this.upload().state === 'failed' && tryingAgainHelps(this.upload().error),
  );
  protected readonly percent = computed(() => {
    const { sent, size } = this.upload();
    return size === 0 ? 100 : Math.round((sent / size) * 100);
  });
  protected readonly cancelLabel = computed(() => {
    const { name, state } = this.upload();
    /* eslint-disable conclave/isolated-names -- a label is heard */
    return state === 'failed'
      ? $localize`:@@files.dismiss:Dismiss ${name}:NAME:`
      : $localize`:@@files.cancelUpload:Cancel upload of ${name}:NAME:`;
    /* eslint-enable conclave/isolated-names */
  });
  protected readonly words = computed(() => {
    const { state, sent, size, bytesPerSecond, error } = this.upload();
    switch (state) {
      case 'waiting':
        return $localize`:@@files.waiting:Waiting, ${formatBytes(size)}:SIZE:`;
      case 'sealing':
        return $localize`:@@files.sealingLast:Sealing the last of ${formatBytes(size)}:SIZE:`;
      case 'failed':
        return lineFor(error);
      case 'sending':
        return sendingWords(sent, size, bytesPerSecond);
    }
  });
}

/** How far it is, and once there is a rate, how fast and how long still. */
function sendingWords(sent: number, size: number, bytesPerSecond: number): string {
  const [done, all] = [formatBytes(sent), formatBytes(size)];
  if (bytesPerSecond < 1) return $localize`:@@files.sending:Sealing, ${done}:SENT: of ${all}:SIZE:`;
  const seconds = Math.ceil((size - sent) / bytesPerSecond);
  const left = seconds < 90 ? formatLength(seconds, 'second') : formatLength(Math.ceil(seconds / 60), 'minute');
  const rate = formatBytes(bytesPerSecond);
  return $localize`:@@files.sendingRate:Sealing, ${done}:SENT: of ${all}:SIZE:, ${rate}:RATE: a second, ${left}:LEFT: left`;
}
