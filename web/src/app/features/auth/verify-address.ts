import { Component, DestroyRef, inject, input, signal } from '@angular/core';
import { form, required } from '@angular/forms/signals';
import { Router, RouterLink } from '@angular/router';
import { asProblem } from '../../core/api/problem';
import { forgetMailedToken, mailedToken, onMailedToken } from '../../core/session/mailed-token';
import { safeReturnUrl } from '../../core/session/return-url';
import { Session } from '../../core/session/session';
import { FORM_PARTS } from '../../shared/field/form-parts';
import { Password } from '../../shared/field/password';
import { Refusal } from '../../shared/field/refusal';
import { PersonalTokenCard } from '../../shared/token/personal-token-card';
import { AuthLayout } from './auth-layout';
import { sentTo } from './sent-to';

type Step = 'code' | 'link' | 'password' | 'done';

/** After sign-up: the code from the message, typed where one signed up, or its link, opened anywhere. */
@Component({
  selector: 'cv-verify-address',
  imports: [AuthLayout, Password, PersonalTokenCard, RouterLink, ...FORM_PARTS],
  styleUrl: './auth-form.css',
  template: `
    <cv-auth-layout [language]="step() !== 'done'">
      @switch (step()) {
        @case ('done') {
          <cv-personal-token-card [token]="personalToken()" [owner]="session.me()?.email ?? ''" (stored)="goOn()" />
        }
        @case ('link') {
          <h1 i18n="@@verify.opening">Proving your address</h1>
          <p class="lead" role="status" i18n="@@invite.moment">One moment.</p>
          <cv-refused [line]="linkRefusal.line()" />
          @if (linkRefusal.line()) {
            <button class="btn primary wide" type="button" (click)="byLink()" i18n="@@shared.tryAgain">
              Try again
            </button>
          }
        }
        @case ('password') {
          <h1 i18n="@@verify.passwordTitle">Type the password that you chose</h1>
          <p class="lead" i18n="@@verify.passwordLead">
            The link was opened in another browser than the one you signed up in. If you did not sign up, close this
            page.
          </p>
          <form [formRoot]="passwordForm">
            <cv-password [formField]="passwordForm.password" />
            <cv-refused [line]="passwordRefusal.line()" />
            <button
              class="btn primary wide"
              type="submit"
              [disabled]="passwordForm().submitting()"
              i18n="@@auth.create"
            >
              Create account
            </button>
          </form>
        }
        @default {
          <h1 i18n="@@verify.title">Look into your mail</h1>
          <p class="lead">{{ lead }}</p>
          <form [formRoot]="codeForm">
            <cv-field
              label="Code"
              i18n-label="@@verify.code"
              hint="Six digits. Or open the link in the message."
              i18n-hint="@@verify.codeHint"
            >
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
            <button class="btn primary wide" type="submit" [disabled]="codeForm().submitting()" i18n="@@auth.create">
              Create account
            </button>
          </form>
          <p class="other" i18n="@@verify.again">
            Nothing came? Look among unwanted mail, or
            <a routerLink="/sign-up" queryParamsHandling="preserve">begin again</a>
          </p>
        }
      }
    </cv-auth-layout>
  `,
})
export class VerifyAddress {
  readonly returnUrl = input<string>();
  protected readonly session = inject(Session);
  private readonly router = inject(Router);
  protected readonly lead = sentTo(this.router);
  protected readonly step = signal<Step>('code');
  /** Held in memory until the person says it is stored, then gone. */
  protected readonly personalToken = signal('');
  private readonly typedCode = signal({ code: '' });
  private readonly typedPassword = signal({ password: '' });
  protected readonly linkRefusal = new Refusal(signal(null));
  protected readonly codeRefusal = new Refusal(this.typedCode);
  protected readonly passwordRefusal = new Refusal(this.typedPassword);
  protected readonly codeForm = form(
    this.typedCode,
    ({ code }) => required(code, { message: $localize`:@@verify.codeMissing:Type the code from the message.` }),
    {
      submission: {
        action: ({ code }) =>
          this.codeRefusal.of(() => this.confirm({ code: code().value() }), { MAIL_CODE_WRONG: code }),
      },
    },
  );
  protected readonly passwordForm = form(
    this.typedPassword,
    ({ password }) => required(password, { message: $localize`:@@auth.passwordMissing:Type your password.` }),
    { submission: { action: () => this.passwordRefusal.of(() => this.withPassword()) } },
  );

  constructor() {
    inject(DestroyRef).onDestroy(onMailedToken('/verify', () => void this.byLink()));
    if (mailedToken('/verify')) void this.byLink();
  }

  protected goOn(): void {
    this.personalToken.set('');
    void this.router.navigateByUrl(safeReturnUrl(this.returnUrl()), { replaceUrl: true });
  }

  protected async byLink(): Promise<void> {
    this.step.set('link');
    await this.linkRefusal.of(async () => {
      try {
        await this.confirm({ token: mailedToken('/verify') });
      } catch (error) {
        // Another browser than the one that signed up: whoever has the password is the one who did.
        if (asProblem(error).reason !== 'CREDENTIALS_WRONG') throw error;
        this.step.set('password');
      }
    });
  }

  private async withPassword(): Promise<void> {
    const { password } = this.passwordForm().value();
    await this.confirm({ token: mailedToken('/verify'), password });
  }

  private async confirm(proof: Parameters<Session['confirmSignUp']>[0]): Promise<void> {
    this.personalToken.set(await this.session.confirmSignUp(proof));
    forgetMailedToken('/verify');
    this.step.set('done');
  }
}
