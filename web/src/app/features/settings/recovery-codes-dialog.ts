import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { Component, inject, signal } from '@angular/core';
import { CopyButton } from '../../shared/copy/copy-button';
import { DialogShell } from '../../shared/dialog/dialog-shell';
import { Icon } from '../../shared/icon/icon';
import { saveText } from '../../shared/token/save-text';

/** Whose codes they are, and the codes, the one time they exist. */
export interface RecoveryCodesShown {
  readonly owner: string;
  readonly codes: readonly string[];
}

/** Shows recovery codes, and lets nobody pass before they say that they are stored. */
@Component({
  selector: 'cv-recovery-codes-dialog',
  imports: [CopyButton, DialogShell, Icon],
  template: `
    <cv-dialog-shell [heading]="heading" [closable]="false">
      <p class="muted" i18n="@@recovery.text">
        If your phone is gone, each of these lets you in once instead of it. They are shown once. Keep them where your
        phone is not.
      </p>
      <ul class="code-box" dir="ltr" aria-label="Recovery codes" i18n-aria-label="@@recovery.codes">
        @for (code of shown.codes; track code) {
          <li>{{ code }}</li>
        }
      </ul>
      <div class="row">
        <cv-copy-button [text]="lines" />
        <button type="button" class="btn" (click)="save()">
          <cv-icon name="download" /><span i18n="@@token.save">Save</span>
        </button>
      </div>
      <label class="check">
        <input type="checkbox" [checked]="kept()" (change)="kept.set($any($event.target).checked)" />
        <span i18n="@@recovery.stored">I have stored them safely</span>
      </label>
      <button
        cvActions
        type="button"
        class="btn primary"
        [disabled]="!kept()"
        (click)="ref.close()"
        i18n="@@token.continue"
      >
        Continue
      </button>
    </cv-dialog-shell>
  `,
  styles: `
    ul {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(13ch, 1fr));
      gap: 0 var(--space-4);
      list-style: none;
      margin: 0;
    }
    .row {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr));
      gap: var(--space-2h);
    }
  `,
})
export class RecoveryCodesDialog {
  protected readonly ref = inject(DialogRef);
  protected readonly shown = inject<RecoveryCodesShown>(DIALOG_DATA);
  protected readonly heading = $localize`:@@recovery.title:Your recovery codes`;
  protected readonly lines = this.shown.codes.join('\n');
  protected readonly kept = signal(false);

  protected save(): void {
    const lines = [
      $localize`:@@recovery.file.title:Conclave recovery codes`,
      $localize`:@@token.file.owner:For: ${this.shown.owner}:OWNER:`,
      $localize`:@@token.file.place:At: ${location.origin}:ADDRESS:`,
      '',
      ...this.shown.codes,
      '',
    ];
    saveText('conclave-recovery-codes.txt', lines.join('\n'));
  }
}
