import { Component, computed, inject, input, output } from '@angular/core';
import type { File as RoomFile } from '../../core/api/api';
import { contentUrl } from '../../core/api/upload';
import { formatAgo, formatBytes, formatFacts, formatTime, isolated } from '../../core/format';
import { serverDate } from '../../core/time/server-clock';
import { Icon } from '../../shared/icon/icon';
import { kindOf } from './file-kind';
import { RoomFiles } from './room-files';

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
        ><cv-icon class="lock" name="lock" /><span class="visually-hidden" i18n="@@files.sealed">Sealed. </span
        >{{ facts() }}</span
      >
    </div>
    <div class="acts">
      @if (file().can.includes('file.read')) {
        <a
          class="icon-btn"
          [href]="url()"
          [attr.download]="file().name"
          i18n-ariaLabel="@@files.download"
          ariaLabel="Download {{ file().name }}"
          ><cv-icon name="download"
        /></a>
      }
      @if (file().can.includes('file.delete')) {
        <button
          class="icon-btn"
          type="button"
          i18n-ariaLabel="@@files.delete"
          ariaLabel="Delete {{ file().name }}"
          (click)="deleted.emit()"
        >
          <cv-icon name="trash" />
        </button>
      }
    </div>
  `,
})
export class FileRow {
  readonly file = input.required<RoomFile>();
  readonly deleted = output();
  private readonly files = inject(RoomFiles);
  protected readonly kind = computed(() => kindOf(this.file().name));
  protected readonly url = computed(() => contentUrl(this.files.slug(), this.file().id));
  protected readonly facts = computed(() => {
    const { size, owner, createdAt, status } = this.file();
    const today = new Date(createdAt).toDateString() === serverDate().toDateString();
    const when = today ? formatTime(createdAt) : formatAgo(createdAt);
    const facts = [formatBytes(size), isolated(owner.displayName), when];
    if (status !== 'available') facts.push($localize`:@@files.notReady:not ready yet`);
    return formatFacts(facts);
  });
}
