import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { Component, inject, signal } from '@angular/core';
import { Field, FieldInput } from '../field/field';
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
  imports: [DialogShell, Field, FieldInput],
  template: `
    <cv-dialog-shell [heading]="question.title" [closable]="false">
      <p class="muted">{{ question.text }}</p>
      @if (question.typeToConfirm; as word) {
        <cv-field [label]="'Type “' + word + '” to confirm'">
          <input
            cvInput
            cdkFocusInitial
            autocomplete="off"
            spellcheck="false"
            [value]="typed()"
            (input)="typed.set($any($event.target).value)"
          />
        </cv-field>
      }
      <ng-container cvActions>
        <button type="button" class="btn quiet" (click)="ref.close(false)">Cancel</button>
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
  protected readonly typed = signal('');
  protected readonly ready = () =>
    !this.question.typeToConfirm || this.typed().trim() === this.question.typeToConfirm.trim();
}
