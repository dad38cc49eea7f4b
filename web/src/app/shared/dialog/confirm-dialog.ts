import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { Component, computed, inject, signal } from '@angular/core';
import { form } from '@angular/forms/signals';
import { isolated } from '../../core/format';
import { FORM_PARTS } from '../field/form-parts';
import { DialogShell } from './dialog-shell';

/** A question before something that cannot be taken back. */
export interface ConfirmQuestion {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  /** What the person must type before the action works. */
  readonly typeToConfirm?: string;
  readonly calm?: boolean;
}

@Component({
  selector: 'cv-confirm-dialog',
  imports: [DialogShell, ...FORM_PARTS],
  template: `
    <cv-dialog-shell [heading]="question.title" [closable]="false">
      <p class="muted">{{ question.text }}</p>
      @if (question.typeToConfirm; as word) {
        <cv-field [label]="typeIt(word)">
          <input cvInput cdkFocusInitial autocomplete="off" spellcheck="false" [formField]="typed" />
        </cv-field>
      }
      <ng-container cvActions>
        <button type="button" class="btn quiet" (click)="ref.close(false)" i18n="@@shared.cancel">Cancel</button>
        <button
          type="button"
          class="btn"
          [class.danger]="!question.calm"
          [class.primary]="question.calm"
          [disabled]="!ready()"
          (click)="ref.close(true)"
        >
          {{ question.action }}
        </button>
      </ng-container>
    </cv-dialog-shell>
  `,
})
export class ConfirmDialog {
  protected readonly ref = inject<DialogRef<boolean>>(DialogRef);
  protected readonly question = inject<ConfirmQuestion>(DIALOG_DATA);
  protected readonly typeIt = (word: string): string =>
    $localize`:@@shared.typeToConfirm:Type “${isolated(word)}:INTERPOLATION:” to confirm`;
  protected readonly typed = form(signal(''));
  protected readonly ready = computed(() => {
    const { typeToConfirm } = this.question;
    return !typeToConfirm || this.typed().value().trim() === typeToConfirm.trim();
  });
}
