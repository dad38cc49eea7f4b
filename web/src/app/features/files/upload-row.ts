import { Component, computed, input, output } from '@angular/core';
import { formatBytes } from '../../core/format';
import { lineFor } from '../../core/words';
import { Icon } from '../../shared/icon/icon';
import { kindOf } from './file-kind';
import type { UploadView } from './room-files';

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
          [attr.aria-label]="'Upload of ' + upload().name"
          aria-valuemin="0"
          aria-valuemax="100"
          [attr.aria-valuenow]="percent()"
        >
          <i [style.width.%]="percent()" [class.pulse]="upload().state === 'sealing'"></i>
        </div>
      }
    </div>
    <div class="acts">
      @if (upload().state === 'failed') {
        <button class="icon-btn" type="button" [attr.aria-label]="'Try again: ' + upload().name" (click)="retry.emit()">
          <cv-icon name="refresh-cw" />
        </button>
      }
      <button
        class="icon-btn"
        type="button"
        [attr.aria-label]="(upload().state === 'failed' ? 'Dismiss ' : 'Cancel upload of ') + upload().name"
        (click)="cancelled.emit()"
      >
        <cv-icon name="x" />
      </button>
    </div>
  `,
})
export class UploadRow {
  readonly upload = input.required<UploadView>();
  readonly cancelled = output();
  readonly retry = output();
  protected readonly kind = computed(() => kindOf(this.upload().name));
  protected readonly percent = computed(() => {
    const { sent, size } = this.upload();
    return size === 0 ? 100 : Math.round((sent / size) * 100);
  });
  protected readonly words = computed(() => {
    const { state, sent, size, bytesPerSecond, error } = this.upload();
    switch (state) {
      case 'waiting':
        return `Waiting, ${formatBytes(size)}`;
      case 'sealing':
        return `Sealing the last of ${formatBytes(size)}`;
      case 'failed':
        return lineFor(error);
      case 'sending':
        return `Sealing, ${formatBytes(sent)} of ${formatBytes(size)}${speed(bytesPerSecond, size - sent)}`;
    }
  });
}

function speed(bytesPerSecond: number, left: number): string {
  if (bytesPerSecond < 1) return '';
  const seconds = Math.ceil(left / bytesPerSecond);
  const time = seconds < 90 ? `${seconds} s left` : `${Math.ceil(seconds / 60)} min left`;
  return `, ${formatBytes(bytesPerSecond)}/s, ${time}`;
}
