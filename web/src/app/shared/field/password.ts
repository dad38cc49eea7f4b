import { Component, input, model, output, signal } from '@angular/core';
import type { FormValueControl } from '@angular/forms/signals';
import { Icon } from '../icon/icon';
import { Field, FieldInput } from './field';

/** A secret that can be shown while it is typed; a control of signal forms. */
@Component({
  selector: 'cv-password',
  imports: [Field, FieldInput, Icon],
  template: `
    <cv-field [label]="label()" [hint]="hint()" [error]="error()">
      <input
        cvInput
        [type]="shown() ? 'text' : 'password'"
        [name]="name()"
        [autocomplete]="autocomplete()"
        [value]="value()"
        (input)="value.set($any($event.target).value)"
        (blur)="touch.emit()"
        [required]="true"
        autocapitalize="none"
        spellcheck="false"
      />
      <button
        type="button"
        class="icon-btn reveal"
        ariaLabel="Show {{ label() }}"
        i18n-ariaLabel="@@shared.showSecret"
        [attr.aria-pressed]="shown()"
        (click)="shown.set(!shown())"
      >
        <cv-icon [name]="shown() ? 'eye-off' : 'eye'" />
      </button>
      <ng-content select="[cvBelow]" ngProjectAs="[cvBelow]" />
    </cv-field>
  `,
  styles: `
    .input {
      padding-inline-end: var(--space-12);
    }
    .reveal {
      position: absolute;
      inset-block-start: 2px;
      inset-inline-end: 2px;
    }
  `,
})
export class Password implements FormValueControl<string> {
  readonly label = input($localize`:@@shared.password:Password`);
  readonly name = input('password');
  readonly hint = input('');
  readonly error = input('');
  readonly autocomplete = input<'current-password' | 'new-password' | 'off'>('current-password');
  readonly value = model('');
  readonly touch = output();
  protected readonly shown = signal(false);
}
