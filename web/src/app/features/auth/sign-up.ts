import { Component, inject, input, signal } from '@angular/core';
import { apply, form, pattern, required, validate } from '@angular/forms/signals';
import { Router, RouterLink } from '@angular/router';
import { draftOf } from '../../core/drafts/drafts';
import { safeReturnUrl } from '../../core/session/return-url';
import { Session } from '../../core/session/session';
import { FORM_PARTS } from '../../shared/field/form-parts';
import { Password } from '../../shared/field/password';
import { Refusal } from '../../shared/field/refusal';
import { personName } from '../../shared/person/typed-name';
import { PersonalTokenCard } from '../../shared/token/personal-token-card';
import { AuthLayout } from './auth-layout';
import { PasswordStrength } from './password-strength';

const LEAST_PASSWORD = 8;

@Component({
  selector: 'cv-sign-up',
  imports: [AuthLayout, Password, PasswordStrength, PersonalTokenCard, RouterLink, ...FORM_PARTS],
  styleUrl: './auth-form.css',
  template: `
    <cv-auth-layout [language]="!personalToken()">
      @if (personalToken(); as token) {
        <cv-personal-token-card [token]="token" [owner]="form.email().value()" (stored)="goOn()" />
      } @else {
        <h1 i18n="@@auth.signUp">Create your account</h1>
        <p class="lead" i18n="@@auth.signUpLead">So that the people you meet know it is you.</p>
        <form [formRoot]="form">
          <cv-field label="Name" i18n-label="@@auth.name">
            <input cvInput autocomplete="name" dir="auto" [formField]="form.name" />
          </cv-field>
          <cv-field label="E-mail" i18n-label="@@auth.email">
            <input
              cvInput
              type="email"
              autocomplete="username"
              autocapitalize="none"
              spellcheck="false"
              [formField]="form.email"
            />
          </cv-field>
          <cv-password autocomplete="new-password" [formField]="form.password">
            <cv-password-strength cvBelow [password]="form.password().value()" />
          </cv-password>
          <cv-refused [line]="refusal.line()" />
          <button class="btn primary wide" type="submit" [disabled]="form().submitting()">
            @if (form().submitting()) {
              <ng-container i18n="@@auth.creating">Creating your account…</ng-container>
            } @else {
              <ng-container i18n="@@auth.create">Create account</ng-container>
            }
          </button>
        </form>
        <p class="other" i18n="@@auth.haveAccount">
          You have an account? <a routerLink="/sign-in" queryParamsHandling="preserve">Sign in</a>
        </p>
      }
    </cv-auth-layout>
  `,
})
export class SignUp {
  readonly returnUrl = input<string>();
  private readonly session = inject(Session);
  private readonly router = inject(Router);
  /** Held in memory until the person says it is stored, then gone. */
  protected readonly personalToken = signal('');
  private readonly wish = signal({ name: '', email: '', password: '' });
  protected readonly refusal = new Refusal(this.wish);
  /** Never the password. */
  private readonly draft = draftOf(() => 'sign-up', this.wish, ['name', 'email']);
  protected readonly form = form(
    this.wish,
    (path) => {
      const emailWrong = $localize`:@@auth.emailWrong:Type your e-mail address, like marta@example.com.`;
      apply(path.name, personName);
      required(path.email, { message: emailWrong });
      pattern(path.email, /^\s*\S+@\S+\s*$/, { message: emailWrong });
      validate(path.password, ({ value }) =>
        [...value()].length >= LEAST_PASSWORD
          ? undefined
          : { kind: 'short', message: $localize`:@@auth.passwordShort:Use at least 8 characters.` },
      );
    },
    {
      submission: {
        action: (field) =>
          this.refusal.of(() => this.signUp(), {
            EMAIL_TAKEN: field.email,
            PASSWORD_TOO_SHORT: field.password,
            PASSWORD_TOO_COMMON: field.password,
          }),
      },
    },
  );

  protected goOn(): void {
    this.personalToken.set('');
    void this.router.navigateByUrl(safeReturnUrl(this.returnUrl()), { replaceUrl: true });
  }

  private async signUp(): Promise<void> {
    const { name, email, password } = this.form().value();
    const personalToken = await this.session.signUp(name.trim(), email.trim(), password);
    this.draft.forget();
    this.form.password().reset('');
    if (personalToken) return this.personalToken.set(personalToken);
    await this.router.navigate(['/verify'], { queryParamsHandling: 'preserve', state: { email: email.trim() } });
  }
}
