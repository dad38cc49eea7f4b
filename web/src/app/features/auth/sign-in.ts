import { Component, computed, inject, input, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { asProblem } from '../../core/api/problem';
import { safeReturnUrl } from '../../core/session/return-url';
import { Session } from '../../core/session/session';
import { lineFor } from '../../core/words';
import { Field, FieldInput } from '../../shared/field/field';
import { Password } from '../../shared/field/password';
import { Icon } from '../../shared/icon/icon';
import { AuthLayout } from './auth-layout';

@Component({
  selector: 'cv-sign-in',
  imports: [AuthLayout, Field, FieldInput, Icon, Password, RouterLink],
  styleUrl: './auth-form.css',
  template: `
    <cv-auth-layout>
      <h1>Sign in</h1>
      <p class="lead">{{ lead() }}</p>
      <form (submit)="$event.preventDefault(); submit()" novalidate>
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
        <cv-password [(value)]="password" [error]="passwordError()" />
        @if (failure(); as text) {
          <p class="notice danger" role="alert"><cv-icon name="circle-alert" />{{ text }}</p>
        }
        <button class="btn primary wide" type="submit" [disabled]="busy()">
          {{ busy() ? 'Signing in…' : 'Sign in' }}
        </button>
      </form>
      <p class="other">New here? <a routerLink="/sign-up" queryParamsHandling="preserve">Create an account</a></p>
    </cv-auth-layout>
  `,
})
export class SignIn {
  readonly returnUrl = input<string>();
  protected readonly email = signal('');
  protected readonly password = signal('');
  protected readonly busy = signal(false);
  protected readonly failure = signal('');
  protected readonly emailError = signal('');
  protected readonly passwordError = signal('');
  private readonly session = inject(Session);
  private readonly router = inject(Router);

  protected readonly lead = computed(() => {
    const target = safeReturnUrl(this.returnUrl());
    if (target.startsWith('/r/')) return 'Then you come back to the room.';
    if (target.startsWith('/invite')) return 'Then you can accept the invitation.';
    return 'Your rooms are waiting.';
  });

  protected async submit(): Promise<void> {
    const email = this.email().trim();
    this.emailError.set(email ? '' : 'Type your e-mail address.');
    this.passwordError.set(this.password() ? '' : 'Type your password.');
    if (!email || !this.password() || this.busy()) return;
    this.busy.set(true);
    this.failure.set('');
    try {
      await this.session.signIn(email, this.password());
      await this.router.navigateByUrl(safeReturnUrl(this.returnUrl()), { replaceUrl: true });
    } catch (error) {
      if (asProblem(error).reason === 'CREDENTIALS_WRONG') this.password.set('');
      this.failure.set(lineFor(error));
    } finally {
      this.busy.set(false);
    }
  }
}
