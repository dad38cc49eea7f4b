import { Component, computed, contentChild, Directive, ElementRef, inject, input } from '@angular/core';
import { FormField } from '@angular/forms/signals';
import { Icon } from '../icon/icon';
import { Asked } from './asked';

let lastId = 0;

/**
 * A label, the control put inside, a hint and what is wrong: tied together for assistive technology. What is wrong comes from the
 * form field inside (or the one it is a part of), and is said after the person has asked for the form to be sent.
 */
@Component({
  selector: 'cv-field',
  imports: [Icon],
  template: `
    <label class="label" [attr.for]="id">{{ label() }}</label>
    <div class="control"><ng-content /></div>
    <ng-content select="[cvBelow]" />
    @if (wrong(); as text) {
      <p class="error" [id]="errorId" role="alert"><cv-icon class="small" name="circle-alert" />{{ text }}</p>
    } @else if (hint()) {
      <p class="hint" [id]="hintId">{{ hint() }}</p>
    }
  `,
  styles: `
    :host {
      display: block;
    }
    .control {
      position: relative;
      display: grid;
    }
    .hint,
    .error {
      font-size: var(--text-xs);
      color: var(--ink-2);
      margin-top: var(--space-1h);
      line-height: 1.45;
    }
    .error {
      display: flex;
      gap: var(--space-1h);
      align-items: flex-start;
      color: var(--danger);
      font-size: var(--text-sm);
      animation: arrive var(--fast) var(--ease);
    }
    .error cv-icon {
      margin-top: var(--space-half);
    }
  `,
})
export class Field {
  readonly label = input.required<string>();
  readonly hint = input('');
  /** What is wrong, from where no form field says it. */
  readonly error = input('');

  readonly id = `cv-field-${++lastId}`;
  readonly hintId = `${this.id}-hint`;
  readonly errorId = `${this.id}-error`;
  private readonly inside = contentChild(FormField);
  private readonly around = inject(FormField, { optional: true });
  private readonly asked = inject(Asked, { optional: true });
  readonly wrong = computed(() => {
    const field = this.inside() ?? this.around;
    const said = field && this.asked?.asked() && field.state().touched() ? field.errors()[0]?.message : undefined;
    return this.error() || (said ?? '');
  });
  readonly describedBy = computed(() => (this.wrong() ? this.errorId : this.hint() ? this.hintId : null));
  readonly invalid = computed(() => (this.wrong() ? 'true' : null));
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
