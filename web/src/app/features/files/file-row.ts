import { Component, computed, input, output } from '@angular/core';
import type { RoomFile } from '../../core/api/types';
import { contentUrl } from '../../core/api/upload';
import { formatAgo, formatBytes, formatTime } from '../../core/format';
import { Icon } from '../../shared/icon/icon';
import { kindOf } from './file-kind';

/** A sealed file in the list. */
@Component({
  selector: 'cv-file-row',
  imports: [Icon],
  styleUrl: './file-row.css',
  template: `
    <span class="kind" [class]="kind().tone" aria-hidden="true">{{ kind().label }}</span>
    <div class="what">
      <b dir="auto" [title]="file().name">{{ file().name }}</b>
      <span class="m"
        ><cv-icon class="lock" name="lock" /><span class="visually-hidden">Sealed. </span>{{ facts() }}</span
      >
    </div>
    <div class="acts">
      @if (file().status === 'available') {
        <a class="icon-btn" [href]="url()" [attr.download]="file().name" [attr.aria-label]="'Download ' + file().name"
          ><cv-icon name="download"
        /></a>
      }
      @if (deletable()) {
        <button class="icon-btn" type="button" [attr.aria-label]="'Delete ' + file().name" (click)="deleted.emit()">
          <cv-icon name="trash" />
        </button>
      }
    </div>
  `,
})
export class FileRow {
  readonly slug = input.required<string>();
  readonly file = input.required<RoomFile>();
  /** The owner of the file, and hosts. */
  readonly deletable = input(false);
  readonly deleted = output();
  protected readonly kind = computed(() => kindOf(this.file().name));
  protected readonly url = computed(() => contentUrl(this.slug(), this.file().id));
  protected readonly facts = computed(() => {
    const { size, owner, createdAt, status } = this.file();
    const today = new Date(createdAt).toDateString() === new Date().toDateString();
    const when = today ? formatTime(createdAt) : formatAgo(createdAt);
    const facts = `${formatBytes(size)}, ${owner.displayName}, ${when}`;
    return status === 'available' ? facts : `${facts}, not ready yet`;
  });
}
