import { Component, DestroyRef, inject, signal } from '@angular/core';
import { form, pattern, required, validate } from '@angular/forms/signals';
import { RouterLink } from '@angular/router';
import { Api } from '../../core/api/api';
import { isolated } from '../../core/format';
import { asProblem } from '../../core/api/problem';
import { forgetMailedToken, mailedToken, onMailedToken } from '../../core/session/mailed-token';
import { FORM_PARTS } from '../../shared/field/form-parts';
import { Password } from '../../shared/field/password';
import { Refusal } from '../../shared/field/refusal';
import { AuthLayout } from './auth-layout';
import { PasswordStrength } from './password-strength';

type Step = 'ask' | 'sent' | 'choose' | 'done';

const LEAST_PASSWORD = 8;

/** The way back into an account: asks for a message, and, opened by its link, for a new password. */
@Component({
  selector: 'cv-recover',
  imports: [AuthLayout, Password, PasswordStrength, RouterLink, ...FORM_PARTS],
  styleUrl: './auth-form.css',
  template: `
    <cv-auth-layout>
      @switch (step()) {
        @case ('sent') {
          <h1 i18n="@@verify.title">Look into your mail</h1>
          <p class="lead" role="status">{{ sent() }}</p>
          <p class="other"><a routerLink="/sign-in" i18n="@@recover.toSignIn">Back to sign-in</a></p>
        }
        @case ('choose') {
          <h1 i18n="@@recover.choose">Choose a new password</h1>
          <p class="lead" i18n="@@recover.chooseLead">Every session of your account ends with it.</p>
          <form [formRoot]="chooseForm">
            <cv-password autocomplete="new-password" [formField]="chooseForm.password">
              <cv-password-strength cvBelow [password]="chooseForm.password().value()" />
            </cv-password>
            @if (tokenAsked()) {
              <cv-password
                label="Personal token"
                i18n-label="@@token.code"
                autocomplete="off"
                hint="It proves, besides the message, that it is you."
                i18n-hint="@@recover.tokenHint"
                [formField]="chooseForm.personalToken"
              />
            }
            <cv-refused [line]="chooseRefusal.line()" />
            <button class="btn primary wide" type="submit" [disabled]="chooseForm().submitting()" i18n="@@recover.save">
              Save the password
            </button>
          </form>
          <p class="other">
            <a routerLink="/recover" (click)="again()" i18n="@@recover.again">Ask for a new message</a>
          </p>
        }
        @case ('done') {
          <h1 i18n="@@recover.done">Your new password is saved</h1>
          <p class="lead" role="status" i18n="@@recover.doneLead">Every session was ended. Sign in with it now.</p>
          <a class="btn primary wide" routerLink="/sign-in" i18n="@@auth.signIn">Sign in</a>
        }
        @default {
          <h1 i18n="@@recover.title">Forgot your password?</h1>
          <p class="lead" i18n="@@recover.lead">We mail you a link with which you choose a new one.</p>
          <form [formRoot]="askForm">
            <cv-field label="E-mail" i18n-label="@@auth.email">
              <input
                cvInput
                type="email"
                autocomplete="username"
                autocapitalize="none"
                spellcheck="false"
                [formField]="askForm.email"
              />
            </cv-field>
            <cv-refused [line]="askRefusal.line()" />
            <button class="btn primary wide" type="submit" [disabled]="askForm().submitting()" i18n="@@recover.send">
              Send the message
            </button>
          </form>
          <p class="other"><a routerLink="/sign-in" i18n="@@recover.toSignIn">Back to sign-in</a></p>
        }
      }
    </cv-auth-layout>
  `,
})
export class Recover {
  private readonly api = inject(Api);
  protected readonly step = signal<Step>('ask');
  protected readonly sent = signal('');
  /** Shown once the server has asked for it. */
  protected readonly tokenAsked = signal(false);
  private readonly whose = signal({ email: '' });
  private readonly chosen = signal({ password: '', personalToken: '' });
  protected readonly askRefusal = new Refusal(this.whose);
  protected readonly chooseRefusal = new Refusal(this.chosen);
  protected readonly askForm = form(
    this.whose,
    ({ email }) => {
      const message = $localize`:@@auth.emailWrong:Type your e-mail address, like marta@example.com.`;
      required(email, { message });
      pattern(email, /^\s*\S+@\S+\s*$/, { message });
    },
    { submission: { action: () => this.askRefusal.of(() => this.ask()) } },
  );
  protected readonly chooseForm = form(
    this.chosen,
    ({ password }) =>
      validate(password, ({ value }) =>
        [...value()].length >= LEAST_PASSWORD
          ? undefined
          : { kind: 'short', message: $localize`:@@auth.passwordShort:Use at least 8 characters.` },
      ),
    {
      submission: {
        action: ({ password }) =>
          this.chooseRefusal.of(() => this.choose(), { PASSWORD_TOO_SHORT: password, PASSWORD_TOO_COMMON: password }),
      },
    },
  );

  constructor() {
    inject(DestroyRef).onDestroy(onMailedToken('/recover', () => this.step.set('choose')));
    if (mailedToken('/recover')) this.step.set('choose');
  }

  protected again(): void {
    forgetMailedToken('/recover');
    this.step.set('ask');
  }

  private async ask(): Promise<void> {
    const email = this.askForm.email().value().trim();
    await this.api.recover({ email });
    this.sent.set(
      $localize`:@@recover.sent:If ${isolated(email)}:EMAIL: has an account, it gets a message with a link. The link counts for one hour.`,
    );
    this.step.set('sent');
  }

  private async choose(): Promise<void> {
    const { password, personalToken } = this.chooseForm().value();
    const proof = personalToken.trim();
    try {
      await this.api.finishRecovery(mailedToken('/recover'), { password, ...(proof && { personalToken: proof }) });
    } catch (error) {
      if (asProblem(error).reason !== 'PERSONAL_TOKEN_REQUIRED') throw error;
      return this.tokenAsked.set(true);
    }
    forgetMailedToken('/recover');
    this.chooseForm().reset({ password: '', personalToken: '' });
    this.step.set('done');
  }
}
