import { DialogRef } from '@angular/cdk/dialog';
import { Component, inject, input } from '@angular/core';
import { Icon } from '../icon/icon';

/** Title, close button, body, actions: the inside of every dialog. */
@Component({
  selector: 'cv-dialog-shell',
  imports: [Icon],
  template: `
    <header>
      <h2 [id]="titleId">{{ heading() }}</h2>
      @if (closable()) {
        <button type="button" class="icon-btn" aria-label="Close" (click)="ref.close()"><cv-icon name="x" /></button>
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
      gap: 12px;
      padding: 18px 14px 6px 24px;
      min-height: 62px;
    }
    h2 {
      flex: 1;
      font-size: var(--text-lg);
      min-width: 0;
    }
    .body {
      padding: 6px 24px 20px;
      overflow: auto;
      display: grid;
      gap: 18px;
    }
    footer {
      display: flex;
      flex-wrap: wrap;
      justify-content: flex-end;
      gap: 10px;
      padding: 0 24px 22px;
    }
    footer:empty {
      display: none;
    }
    @media (max-width: 520px) {
      header {
        padding-inline-start: 18px;
      }
      .body,
      footer {
        padding-inline: 18px;
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
  protected readonly titleId = `${this.ref.id}-title`;

  constructor() {
    // The container names itself by our heading, so that a screen reader says it on opening.
    (this.ref.containerInstance as { _addAriaLabelledBy?: (id: string) => void })?._addAriaLabelledBy?.(this.titleId);
  }
}
