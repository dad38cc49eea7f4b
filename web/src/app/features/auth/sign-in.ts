import {
  afterNextRender,
  Component,
  computed,
  DestroyRef,
  inject,
  Injector,
  input,
  signal,
  viewChild,
} from '@angular/core';
import { form, required } from '@angular/forms/signals';
import { Router, RouterLink } from '@angular/router';
import type { SignInStep } from '../../core/api/api';
import { asProblem } from '../../core/api/problem';
import { safeReturnUrl } from '../../core/session/return-url';
import { Session } from '../../core/session/session';
import { FieldInput } from '../../shared/field/field';
import { FORM_PARTS } from '../../shared/field/form-parts';
import { Password } from '../../shared/field/password';
import { Refusal } from '../../shared/field/refusal';
import { Icon } from '../../shared/icon/icon';
import { FactorForm, type FactorProof } from '../../shared/proof/factor-form';
import { NoPasskey, Passkeys } from '../../shared/proof/passkeys';
import { AuthLayout } from './auth-layout';

@Component({
  selector: 'cv-sign-in',
  imports: [AuthLayout, FactorForm, Icon, Password, RouterLink, ...FORM_PARTS],
  styleUrl: './auth-form.css',
  template: `
    <cv-auth-layout>
      @if (next().length > 0) {
        <h1 i18n="@@auth.stepTitle">One more step</h1>
        <p class="lead" i18n="@@auth.stepLead">Your password is right. Now show that it is you.</p>
        <cv-factor-form [next]="next()" [take]="take" />
        <p class="other">
          <button class="btn quiet" type="button" (click)="startOver()" i18n="@@auth.startOver">
            Sign in as somebody else
          </button>
        </p>
      } @else {
        <h1 i18n="@@auth.signIn">Sign in</h1>
        <p class="lead">{{ lead() }}</p>
        <form [formRoot]="form">
          <cv-field label="E-mail" i18n-label="@@auth.email">
            <input
              cvInput
              type="email"
              autocomplete="username webauthn"
              autocapitalize="none"
              spellcheck="false"
              [formField]="form.email"
            />
          </cv-field>
          <cv-password [formField]="form.password" />
          <cv-refused [line]="refusal.line() || passkeyWrong()" />
          <button class="btn primary wide" type="submit" [disabled]="form().submitting()">
            @if (form().submitting()) {
              <ng-container i18n="@@auth.signingIn">Signing in…</ng-container>
            } @else {
              <ng-container i18n="@@auth.signIn">Sign in</ng-container>
            }
          </button>
        </form>
        @if (passkeys.supported) {
          <p class="other">
            <button class="btn wide" type="button" (click)="byPasskey()">
              <cv-icon name="key-round" /><span i18n="@@auth.passkey">Sign in with a passkey</span>
            </button>
          </p>
        }
        <p class="other"><a routerLink="/recover" i18n="@@auth.forgotten">Forgot your password?</a></p>
        <p class="other" i18n="@@auth.newHere">
          New here? <a routerLink="/sign-up" queryParamsHandling="preserve">Create an account</a>
        </p>
      }
    </cv-auth-layout>
  `,
})
export class SignIn {
  readonly returnUrl = input<string>();
  private readonly session = inject(Session);
  private readonly router = inject(Router);
  protected readonly passkeys = inject(Passkeys);
  private readonly injector = inject(Injector);
  private readonly email = viewChild(FieldInput);
  /** What is still needed after the password. */
  protected readonly next = signal<readonly SignInStep[]>([]);
  protected readonly passkeyWrong = signal('');
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
      this.next.set(await this.session.signIn(email.trim(), password));
    } catch (error) {
      if (asProblem(error).reason === 'CREDENTIALS_WRONG') this.form.password().reset('');
      throw error;
    }
    if (this.next().length === 0) return this.goOn();
    this.form.password().reset('');
  }

  protected readonly take = async (proof: FactorProof): Promise<void> => {
    try {
      await this.session.prove(proof);
    } catch (error) {
      if (asProblem(error).reason !== 'SIGN_IN_EXPIRED') throw error;
      this.startOver();
      await this.refusal.of(() => Promise.reject(error));
      return;
    }
    await this.goOn();
  };

  constructor() {
    let waiting = false;
    afterNextRender(async () => {
      if (!(await this.passkeys.fillsIn())) return;
      waiting = true;
      await this.bySomePasskey(true);
    });
    inject(DestroyRef).onDestroy(() => {
      if (waiting) void this.passkeys.stop();
    });
  }

  protected byPasskey(): Promise<void> {
    return this.bySomePasskey(false);
  }

  /** The one that the browser offers in the field says nothing where nobody takes it. */
  private async bySomePasskey(fillIn: boolean): Promise<void> {
    try {
      this.passkeyWrong.set('');
      await this.session.prove({ passkey: await this.passkeys.prove({ fillIn }) });
    } catch (error) {
      if (!fillIn || !(error instanceof NoPasskey)) this.passkeyWrong.set(this.passkeys.wordsFor(error));
      return;
    }
    await this.goOn();
  }

  protected startOver(): void {
    this.next.set([]);
    afterNextRender({ write: () => this.email()?.focus() }, { injector: this.injector });
  }

  private async goOn(): Promise<void> {
    await this.router.navigateByUrl(safeReturnUrl(this.returnUrl()), { replaceUrl: true });
  }
}
