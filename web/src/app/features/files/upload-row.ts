import { Component, computed, input } from '@angular/core';
import { kindOf } from './file-kind';
import { UploadActs } from './upload-acts';
import { mayRun, type UploadView } from './upload-view';
import { wordsOf } from './upload-words';

/** A file on its way up. */
@Component({
  selector: 'cv-upload-row',
  imports: [UploadActs],
  styleUrl: './file-row.css',
  template: `
    <span class="kind" [class]="kind().tone" aria-hidden="true">{{ kind().label }}</span>
    <div class="what">
      <b dir="auto" [title]="upload().name" [class.leaving]="upload().state === 'leaving'">{{ upload().name }}</b>
      <span
        class="m num"
        [class.failed]="upload().state === 'failed' || upload().ask === 'other-file'"
        [attr.role]="upload().ask === 'other-file' ? 'alert' : null"
        >{{ words() }}</span
      >
      @if (showsBar()) {
        <div
          class="bar"
          role="progressbar"
          i18n-ariaLabel="@@files.uploadOf"
          ariaLabel="Upload of {{ upload().name }}"
          aria-valuemin="0"
          aria-valuemax="100"
          [attr.aria-valuenow]="percent()"
        >
          <i [style.width.%]="percent()" [class.pulse]="upload().state === 'sealing'" [class.still]="stands()"></i>
        </div>
      }
    </div>
    <cv-upload-acts [upload]="upload()" [mayMove]="mayMove()" />
  `,
})
export class UploadRow {
  readonly upload = input.required<UploadView>();
  /** Whether others wait before it. */
  readonly mayMove = input(false);
  protected readonly kind = computed(() => kindOf(this.upload().name));
  protected readonly stands = computed(() => this.upload().hold !== null || !mayRun(this.upload()));
  protected readonly showsBar = computed(() => {
    const { state, sent } = this.upload();
    return state !== 'failed' && state !== 'leaving' && state !== 'done' && (state !== 'waiting' || sent > 0);
  });
  protected readonly percent = computed(() => {
    const { sent, size } = this.upload();
    return size === 0 ? 100 : Math.round((sent / size) * 100);
  });
  protected readonly words = computed(() => wordsOf(this.upload()));
}
