import { DialogRef } from '@angular/cdk/dialog';
import { Component, inject, input } from '@angular/core';
import { Icon } from '../icon/icon';

/** The id of a dialog's heading, by which the dialog is named (Dialogs.open). */
export const titleOf = (dialogId: string): string => `${dialogId}-title`;

/** Title, close button, body, actions: the inside of every dialog. */
@Component({
  selector: 'cv-dialog-shell',
  imports: [Icon],
  template: `
    <header>
      <h2 [id]="titleId">{{ heading() }}</h2>
      @if (closable()) {
        <button
          type="button"
          class="icon-btn"
          aria-label="Close"
          i18n-aria-label="@@shared.close"
          (click)="ref.close()"
        >
          <cv-icon name="x" />
        </button>
      }
    </header>
    <div class="body"><ng-content /></div>
    <footer><ng-content select="[cvActions]" /></footer>
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      min-height: 0;
      flex: 1;
    }
    header {
      display: flex;
      align-items: center;
      gap: var(--space-3);
      padding-block: var(--space-4) var(--space-1h);
      padding-inline: var(--space-6) var(--space-3h);
      min-height: 62px;
    }
    h2 {
      flex: 1;
      font-size: var(--text-lg);
      min-width: 0;
    }
    .body {
      padding: var(--space-1h) var(--space-6) var(--space-5);
      overflow: auto;
      display: grid;
      gap: var(--space-4);
    }
    footer {
      display: flex;
      flex-wrap: wrap;
      justify-content: flex-end;
      gap: var(--space-2h);
      padding: 0 var(--space-6) var(--space-5);
    }
    footer:empty {
      display: none;
    }
    @media (max-width: 520px) {
      header {
        padding-inline-start: var(--space-4);
      }
      .body,
      footer {
        padding-inline: var(--space-4);
      }
      footer ::ng-deep .btn {
        flex: 1;
      }
    }
  `,
})
export class DialogShell {
  readonly heading = input.required<string>();
  readonly closable = input(true);
  protected readonly ref = inject(DialogRef);
  protected readonly titleId = titleOf(this.ref.id);
}
