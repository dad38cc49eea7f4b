import { Component, computed, DOCUMENT, inject, input, signal } from '@angular/core';
import { LOCALES, storeLocale, type Locale } from '../../core/locale/locales';
import { Field, FieldInput } from '../field/field';
import { Icon } from '../icon/icon';
import { Toasts } from '../toast/toasts';

/**
 * Which language the page speaks. Words are read once, when the page starts: so a choice asks for a reload, and nothing inside a
 * meeting offers it.
 */
@Component({
  selector: 'cv-language-choice',
  imports: [Field, FieldInput, Icon],
  template: `
    <cv-field label="Language" i18n-label="@@language.label" [hint]="hint()">
      <select cvInput name="language" [value]="chosen()" (change)="chosen.set($any($event.target).value)">
        @for (locale of locales; track locale.code) {
          <option [value]="locale.code" [selected]="locale.code === chosen()" [lang]="locale.code">
            {{ locale.name }}
          </option>
        }
      </select>
      <cv-icon class="small" name="chevron-down" />
    </cv-field>
    @if (chosen() !== spoken) {
      <button class="btn" type="button" (click)="reload()" i18n="@@language.reload">
        Load the page in {{ name() }}
      </button>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: var(--space-3);
      justify-items: start;
    }
    cv-field {
      width: 100%;
    }
    cv-icon {
      position: absolute;
      align-self: center;
      inset-inline-end: var(--space-3h);
      color: var(--ink-2);
      pointer-events: none;
    }
  `,
})
export class LanguageChoice {
  readonly hint = input('');
  private readonly document = inject(DOCUMENT);
  private readonly toasts = inject(Toasts);
  protected readonly locales = LOCALES;
  protected readonly spoken = LOCALES.find(({ code }) => code === this.document.documentElement.lang)?.code ?? 'en';
  protected readonly chosen = signal<Locale['code']>(this.spoken);
  protected readonly name = computed(() => LOCALES.find(({ code }) => code === this.chosen())?.name ?? '');

  protected reload(): void {
    if (storeLocale(this.chosen())) return this.document.location.reload();
    this.toasts.say(
      $localize`:@@language.notKept:This browser keeps no choices for this address. Set the language in the browser itself.`,
    );
  }
}
