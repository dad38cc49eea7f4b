import { Directive, inject, linkedSignal } from '@angular/core';
import { FormRoot } from '@angular/forms/signals';

/**
 * Whether a form has been asked to be sent since it was made or reset. A field that one only passed through is not blamed: a message
 * that appears on leaving a field moves the button one is about to press.
 */
// eslint-disable-next-line @angular-eslint/directive-selector -- stands wherever Angular's FormRoot stands
@Directive({ selector: 'form[formRoot]', host: { '(submit)': 'asked.set(true)' } })
export class Asked {
  private readonly root = inject(FormRoot);
  readonly asked = linkedSignal<boolean, boolean>({
    source: () => this.root.fieldTree()().touched(),
    computation: (touched, previous) => touched && (previous?.value ?? false),
  });
}
