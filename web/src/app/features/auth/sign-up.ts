import { Component, inject, input, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { asProblem } from '../../core/api/problem';
import { safeReturnUrl } from '../../core/session/return-url';
import { Session } from '../../core/session/session';
import { lineFor } from '../../core/words';
import { Field, FieldInput } from '../../shared/field/field';
import { Password } from '../../shared/field/password';
import { Icon } from '../../shared/icon/icon';
import { PersonalTokenCard } from '../../shared/token/personal-token-card';
import { AuthLayout } from './auth-layout';
import { PasswordStrength } from './password-strength';

@Component({
  selector: 'cv-sign-up',
  imports: [AuthLayout, Field, FieldInput, Icon, Password, PasswordStrength, PersonalTokenCard, RouterLink],
  styleUrl: './auth-form.css',
  template: `
    <cv-auth-layout>
      @if (personalToken(); as token) {
        <cv-personal-token-card [token]="token" [owner]="email()" (stored)="goOn()" />
      } @else {
        <h1>Create your account</h1>
        <p class="lead">So that the people you meet know it is you.</p>
        <form (submit)="$event.preventDefault(); submit()" novalidate>
          <cv-field label="Name" [error]="nameError()">
            <input
              cvInput
              name="name"
              autocomplete="name"
              maxlength="80"
              required
              dir="auto"
              [value]="name()"
              (input)="name.set($any($event.target).value)"
            />
          </cv-field>
          <cv-field label="E-mail" [error]="emailError()">
            <input
              cvInput
              type="email"
              name="email"
              autocomplete="username"
              autocapitalize="none"
              spellcheck="false"
              required
              [value]="email()"
              (input)="email.set($any($event.target).value)"
            />
          </cv-field>
          <cv-password [(value)]="password" autocomplete="new-password" [error]="passwordError()">
            <cv-password-strength cvBelow [password]="password()" />
          </cv-password>
          @if (failure(); as text) {
            <p class="notice danger" role="alert"><cv-icon name="circle-alert" />{{ text }}</p>
          }
          <button class="btn primary wide" type="submit" [disabled]="busy()">
            {{ busy() ? 'Creating your account…' : 'Create account' }}
          </button>
        </form>
        <p class="other">You have an account? <a routerLink="/sign-in" queryParamsHandling="preserve">Sign in</a></p>
      }
    </cv-auth-layout>
  `,
})
export class SignUp {
  readonly returnUrl = input<string>();
  protected readonly name = signal('');
  protected readonly email = signal('');
  protected readonly password = signal('');
  protected readonly busy = signal(false);
  protected readonly failure = signal('');
  protected readonly nameError = signal('');
  protected readonly emailError = signal('');
  protected readonly passwordError = signal('');
  /** Held in memory until the person says it is stored, then gone. */
  protected readonly personalToken = signal('');
  private readonly session = inject(Session);
  private readonly router = inject(Router);

  protected async submit(): Promise<void> {
    const name = this.name().trim();
    const email = this.email().trim();
    this.nameError.set(name ? '' : 'Type the name people know you by.');
    this.emailError.set(/^\S+@\S+$/.test(email) ? '' : 'Type your e-mail address, like marta@example.com.');
    this.passwordError.set([...this.password()].length >= 8 ? '' : 'Use at least 8 characters.');
    if (this.nameError() || this.emailError() || this.passwordError() || this.busy()) return;
    this.busy.set(true);
    this.failure.set('');
    try {
      this.personalToken.set(await this.session.signUp(name, email, this.password()));
      this.password.set('');
    } catch (error) {
      this.place(error);
    } finally {
      this.busy.set(false);
    }
  }

  protected goOn(): void {
    this.personalToken.set('');
    void this.router.navigateByUrl(safeReturnUrl(this.returnUrl()), { replaceUrl: true });
  }

  /** Puts a refusal beside the field it is about. */
  private place(error: unknown): void {
    switch (asProblem(error).reason) {
      case 'EMAIL_TAKEN':
        return this.emailError.set(lineFor(error));
      case 'PASSWORD_TOO_SHORT':
      case 'PASSWORD_TOO_COMMON':
        return this.passwordError.set(lineFor(error));
      default:
        return this.failure.set(lineFor(error));
    }
  }
}
