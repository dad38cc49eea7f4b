import { afterNextRender, Directive, effect, ElementRef, inject, Injector, linkedSignal } from '@angular/core';
import { FormRoot } from '@angular/forms/signals';

/**
 * Whether a form has been asked to be sent since it was made or reset. A field that one only passed through is not blamed: a message
 * that appears on leaving a field moves the button one is about to press. Once sent, the focus goes to the first field that is wrong,
 * whether the form says so at once or the server does later.
 */
// eslint-disable-next-line @angular-eslint/directive-selector -- stands wherever Angular's FormRoot stands
@Directive({ selector: 'form[formRoot]', host: { '(submit)': 'send()' } })
export class Asked {
  private readonly root = inject(FormRoot);
  readonly asked = linkedSignal<boolean, boolean>({
    source: () => this.root.fieldTree()().touched(),
    computation: (touched, previous) => touched && (previous?.value ?? false),
  });

  private readonly form = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly injector = inject(Injector);

  constructor() {
    let sending = false;
    effect(() => {
      const submitting = this.root.fieldTree()().submitting();
      if (sending && !submitting) this.toFirstWrong();
      sending = submitting;
    });
  }

  protected send(): void {
    this.asked.set(true);
    this.toFirstWrong();
  }

  private toFirstWrong(): void {
    const focus = () => this.form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    afterNextRender({ read: focus }, { injector: this.injector });
  }
}
