import { Component, inject, input, signal } from '@angular/core';
import { Icon } from '../icon/icon';
import { Toasts } from '../toast/toasts';

/** Copies a text and says that it did. */
@Component({
  selector: 'cv-copy-button',
  imports: [Icon],
  template: `
    <button type="button" class="btn" [class.quiet]="quiet()" [attr.aria-label]="name() || null" (click)="copy()">
      <cv-icon [name]="done() ? 'check' : 'copy'" />{{ done() ? copied : label() }}
    </button>
    <span class="visually-hidden" role="status">{{ done() ? copied : '' }}</span>
  `,
  styles: `
    :host {
      display: inline-flex;
    }
    .btn {
      flex: 1;
    }
  `,
})
export class CopyButton {
  readonly text = input.required<string>();
  readonly label = input($localize`:@@shared.copy:Copy`);
  /** The whole name where several copy buttons stand together, for example "Copy access code". */
  readonly name = input('');
  readonly quiet = input(false);
  protected readonly done = signal(false);
  protected readonly copied = $localize`:@@shared.copied:Copied`;
  private readonly toasts = inject(Toasts);

  protected async copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.text());
      this.done.set(true);
      setTimeout(() => this.done.set(false), 2_000);
    } catch {
      this.toasts.say(
        $localize`:@@shared.copyFailed:The browser did not let us copy. Select the text and copy it yourself.`,
      );
    }
  }
}
