import { Component, input, model, signal } from '@angular/core';
import { Icon } from '../icon/icon';
import { Field, FieldInput } from './field';

/** A secret that can be shown while it is typed. */
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
        [required]="true"
        autocapitalize="none"
        spellcheck="false"
      />
      <button
        type="button"
        class="icon-btn reveal"
        [attr.aria-label]="(shown() ? 'Hide ' : 'Show ') + label().toLowerCase()"
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
      padding-inline-end: 52px;
    }
    .reveal {
      position: absolute;
      inset: 2px 2px auto auto;
    }
  `,
})
export class Password {
  readonly label = input('Password');
  readonly name = input('password');
  readonly hint = input('');
  readonly error = input('');
  readonly autocomplete = input<'current-password' | 'new-password' | 'off'>('current-password');
  readonly value = model('');
  protected readonly shown = signal(false);
}
