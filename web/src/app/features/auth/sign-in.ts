import { Component, computed, inject, input, signal } from '@angular/core';
import { form, required } from '@angular/forms/signals';
import { Router, RouterLink } from '@angular/router';
import { asProblem } from '../../core/api/problem';
import { safeReturnUrl } from '../../core/session/return-url';
import { Session } from '../../core/session/session';
import { FORM_PARTS } from '../../shared/field/form-parts';
import { Password } from '../../shared/field/password';
import { Refusal } from '../../shared/field/refusal';
import { AuthLayout } from './auth-layout';

@Component({
  selector: 'cv-sign-in',
  imports: [AuthLayout, Password, RouterLink, ...FORM_PARTS],
  styleUrl: './auth-form.css',
  template: `
    <cv-auth-layout>
      <h1 i18n="@@auth.signIn">Sign in</h1>
      <p class="lead">{{ lead() }}</p>
      <form [formRoot]="form">
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
        <cv-password [formField]="form.password" />
        <cv-refused [line]="refusal.line()" />
        <button class="btn primary wide" type="submit" [disabled]="form().submitting()">
          @if (form().submitting()) {
            <ng-container i18n="@@auth.signingIn">Signing in…</ng-container>
          } @else {
            <ng-container i18n="@@auth.signIn">Sign in</ng-container>
          }
        </button>
      </form>
      <p class="other"><a routerLink="/recover" i18n="@@auth.forgotten">Forgot your password?</a></p>
      <p class="other" i18n="@@auth.newHere">
        New here? <a routerLink="/sign-up" queryParamsHandling="preserve">Create an account</a>
      </p>
    </cv-auth-layout>
  `,
})
export class SignIn {
  readonly returnUrl = input<string>();
  private readonly session = inject(Session);
  private readonly router = inject(Router);
  private readonly model = signal({ email: '', password: '' });
  protected readonly refusal = new Refusal(this.model);
  protected readonly form = form(
    this.model,
    (path) => {
      required(path.email, { message: $localize`:@@auth.emailMissing:Type your e-mail address.` });
      required(path.password, { message: $localize`:@@auth.passwordMissing:Type your password.` });
    },
    { submission: { action: () => this.refusal.of(() => this.signIn()) } },
  );

  protected readonly lead = computed(() => {
    const target = safeReturnUrl(this.returnUrl());
    if (target.startsWith('/r/')) return $localize`:@@auth.leadRoom:Then you come back to the room.`;
    if (target.startsWith('/invite')) return $localize`:@@auth.leadInvitation:Then you can accept the invitation.`;
    return $localize`:@@auth.lead:Your rooms are waiting.`;
  });

  private async signIn(): Promise<void> {
    const { email, password } = this.form().value();
    try {
      await this.session.signIn(email.trim(), password);
    } catch (error) {
      if (asProblem(error).reason === 'CREDENTIALS_WRONG') this.form.password().reset('');
      throw error;
    }
    await this.router.navigateByUrl(safeReturnUrl(this.returnUrl()), { replaceUrl: true });
  }
}
