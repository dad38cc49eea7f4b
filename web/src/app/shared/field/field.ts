import { Component, computed, Directive, ElementRef, inject, input } from '@angular/core';
import { Icon } from '../icon/icon';

let lastId = 0;

/** A label, the control put inside, a hint and what is wrong: tied together for assistive technology. */
@Component({
  selector: 'cv-field',
  imports: [Icon],
  template: `
    <label [attr.for]="id">{{ label() }}</label>
    <div class="control"><ng-content /></div>
    <ng-content select="[cvBelow]" />
    @if (error(); as text) {
      <p class="error" [id]="errorId" role="alert"><cv-icon class="small" name="circle-alert" />{{ text }}</p>
    } @else if (hint()) {
      <p class="hint" [id]="hintId">{{ hint() }}</p>
    }
  `,
  styles: `
    :host {
      display: block;
    }
    label {
      display: block;
      font-size: var(--text-sm);
      font-weight: 560;
      margin-bottom: 6px;
    }
    .control {
      position: relative;
      display: grid;
    }
    .hint,
    .error {
      font-size: var(--text-xs);
      color: var(--ink-2);
      margin-top: 6px;
      line-height: 1.45;
    }
    .error {
      display: flex;
      gap: 6px;
      align-items: flex-start;
      color: var(--danger);
      font-size: var(--text-sm);
      animation: arrive var(--fast) var(--ease);
    }
    .error cv-icon {
      margin-top: 2px;
    }
  `,
})
export class Field {
  readonly label = input.required<string>();
  readonly hint = input('');
  readonly error = input('');

  readonly id = `cv-field-${++lastId}`;
  readonly hintId = `${this.id}-hint`;
  readonly errorId = `${this.id}-error`;
  readonly describedBy = computed(() => (this.error() ? this.errorId : this.hint() ? this.hintId : null));
  readonly invalid = computed(() => (this.error() ? 'true' : null));
}

/** Puts an input, select or textarea into the field around it. */
@Directive({
  selector: '[cvInput]',
  host: {
    class: 'input',
    '[id]': 'field.id',
    '[attr.aria-describedby]': 'field.describedBy()',
    '[attr.aria-invalid]': 'field.invalid()',
  },
})
export class FieldInput {
  protected readonly field = inject(Field);
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef);

  focus(): void {
    this.element.nativeElement.focus();
  }
}
