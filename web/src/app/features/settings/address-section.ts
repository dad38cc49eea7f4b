import { Component, computed, inject, signal } from '@angular/core';
import { form, pattern, required } from '@angular/forms/signals';
import { Api } from '../../core/api/api';
import { isolated } from '../../core/format';
import { Session } from '../../core/session/session';
import { FORM_PARTS } from '../../shared/field/form-parts';
import { Password } from '../../shared/field/password';
import { Refusal } from '../../shared/field/refusal';
import { Toasts } from '../../shared/toast/toasts';

type Step = 'shown' | 'asking' | 'code';

/** The address of the account: whether it is proven, and another one. */
@Component({
  selector: 'cv-address-section',
  imports: [Password, ...FORM_PARTS],
  styleUrl: './section.css',
  template: `
    <section class="card" aria-labelledby="address-title">
      <div>
        <h2 id="address-title" i18n="@@settings.address">Address</h2>
        <p class="intro">{{ standing() }}</p>
      </div>
      @switch (step()) {
        @case ('asking') {
          <form [formRoot]="askForm">
            <cv-field label="E-mail" i18n-label="@@auth.email">
              <input
                cvInput
                type="email"
                autocomplete="email"
                autocapitalize="none"
                spellcheck="false"
                [formField]="askForm.email"
              />
            </cv-field>
            <cv-password
              hint="To be sure that it is you."
              i18n-hint="@@settings.tokenPassword"
              [formField]="askForm.password"
            />
            <cv-refused [line]="askRefusal.line()" />
            <div class="actions">
              <button class="btn primary" type="submit" [disabled]="askForm().submitting()" i18n="@@recover.send">
                Send the message
              </button>
              <button class="btn quiet" type="button" (click)="cancel()" i18n="@@shared.cancel">Cancel</button>
            </div>
          </form>
        }
        @case ('code') {
          <form [formRoot]="codeForm">
            <cv-field label="Code" i18n-label="@@verify.code" [hint]="sent()">
              <input
                cvInput
                inputmode="numeric"
                autocomplete="one-time-code"
                dir="ltr"
                spellcheck="false"
                [formField]="codeForm.code"
              />
            </cv-field>
            <cv-refused [line]="codeRefusal.line()" />
            <div class="actions">
              <button
                class="btn primary"
                type="submit"
                [disabled]="codeForm().submitting()"
                i18n="@@settings.addressConfirm"
              >
                Confirm
              </button>
              <button class="btn quiet" type="button" (click)="cancel()" i18n="@@shared.cancel">Cancel</button>
            </div>
          </form>
        }
        @default {
          <div class="actions">
            @if (!session.me()?.emailVerified) {
              <button class="btn" type="button" (click)="ask(session.me()?.email ?? '')" i18n="@@settings.addressProve">
                Prove this address
              </button>
            }
            <button class="btn" type="button" (click)="ask('')" i18n="@@settings.addressChange">
              Change the address
            </button>
          </div>
        }
      }
    </section>
  `,
})
export class AddressSection {
  protected readonly session = inject(Session);
  private readonly api = inject(Api);
  private readonly toasts = inject(Toasts);
  protected readonly step = signal<Step>('shown');
  private readonly wish = signal({ email: '', password: '' });
  private readonly typed = signal({ code: '' });
  protected readonly askRefusal = new Refusal(this.wish);
  protected readonly codeRefusal = new Refusal(this.typed);
  protected readonly standing = computed(() => {
    const me = this.session.me();
    const email = me?.email ?? '';
    return me?.emailVerified
      ? $localize`:@@settings.addressProven:${isolated(email)}:EMAIL: is proven to be yours.`
      : $localize`:@@settings.addressTyped:${isolated(email)}:EMAIL: is not proven yet.`;
  });
  protected readonly sent = computed(
    () => $localize`:@@settings.addressSent:It is in the message to ${isolated(this.wish().email.trim())}:EMAIL:.`,
  );
  protected readonly askForm = form(
    this.wish,
    ({ email, password }) => {
      const message = $localize`:@@auth.emailWrong:Type your e-mail address, like marta@example.com.`;
      required(email, { message });
      pattern(email, /^\s*\S+@\S+\s*$/, { message });
      required(password, { message: $localize`:@@auth.passwordMissing:Type your password.` });
    },
    { submission: { action: () => this.askRefusal.of(() => this.send()) } },
  );
  protected readonly codeForm = form(
    this.typed,
    ({ code }) => required(code, { message: $localize`:@@verify.codeMissing:Type the code from the message.` }),
    { submission: { action: ({ code }) => this.codeRefusal.of(() => this.confirm(), { MAIL_CODE_WRONG: code }) } },
  );

  protected ask(email: string): void {
    this.wish.set({ email, password: '' });
    this.askForm().reset();
    this.step.set('asking');
  }

  protected cancel(): void {
    this.wish.set({ email: '', password: '' });
    this.askRefusal.forget();
    this.codeRefusal.forget();
    this.step.set('shown');
  }

  private async send(): Promise<void> {
    const { email, password } = this.wish();
    await this.api.changeAddress({ email: email.trim(), password });
    this.wish.update((wish) => ({ ...wish, password: '' }));
    this.typed.set({ code: '' });
    this.codeForm().reset();
    this.step.set('code');
  }

  private async confirm(): Promise<void> {
    this.session.know(await this.api.confirmAddress({ code: this.typed().code }));
    this.cancel();
    this.toasts.say($localize`:@@settings.addressDone:The address is yours.`);
  }
}
