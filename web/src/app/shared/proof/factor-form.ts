import {
  afterNextRender,
  Component,
  computed,
  ElementRef,
  inject,
  Injector,
  input,
  linkedSignal,
  signal,
  viewChild,
} from '@angular/core';
import { form, required } from '@angular/forms/signals';
import type { ProveSessionBody, SignInStep } from '../../core/api/api';
import { asProblem } from '../../core/api/problem';
import { FieldInput } from '../field/field';
import { FORM_PARTS } from '../field/form-parts';
import { Refusal } from '../field/refusal';
import { Icon } from '../icon/icon';
import { Passkeys } from './passkeys';

/** A proof by one factor. */
export type FactorProof = Pick<ProveSessionBody, 'totp' | 'recoveryCode' | 'passkey'>;

/** Asks for one of the factors that a person has: at sign-in, and before what a session alone may not do. */
@Component({
  selector: 'cv-factor-form',
  imports: [Icon, ...FORM_PARTS],
  template: `
    <form [formRoot]="form">
      @if (kind() === 'passkey') {
        @if (wrong(); as words) {
          <p class="notice danger" role="alert"><cv-icon name="circle-alert" />{{ words }}</p>
        }
        <button #device class="btn primary wide" type="button" [disabled]="busy()" (click)="byPasskey()">
          <cv-icon name="key-round" /><span i18n="@@factor.passkey">Use your passkey</span>
        </button>
      } @else {
        <cv-field [label]="byApp() ? appLabel : recoveryLabel" [hint]="byApp() ? appHint : recoveryHint">
          <input
            cvInput
            dir="ltr"
            spellcheck="false"
            autocapitalize="none"
            [attr.inputmode]="byApp() ? 'numeric' : null"
            [attr.autocomplete]="byApp() ? 'one-time-code' : 'off'"
            [formField]="form.code"
          />
        </cv-field>
        <cv-refused [line]="refusal.line()" />
        <button class="btn primary wide" type="submit" [disabled]="form().submitting()" i18n="@@factor.confirm">
          Confirm
        </button>
      }
      @for (other of others(); track $index) {
        <button class="btn quiet wide" type="button" (click)="turnTo(other)">{{ instead[other] }}</button>
      }
    </form>
  `,
  styles: `
    form {
      display: grid;
      gap: var(--space-3);
    }
  `,
})
export class FactorForm {
  /** What would do, the first of it is asked for. */
  readonly next = input.required<readonly SignInStep[]>();
  /** Takes the proof; throws where the server refuses it. */
  readonly take = input.required<(proof: FactorProof) => Promise<void>>();
  private readonly passkeys = inject(Passkeys);
  private readonly injector = inject(Injector);
  private readonly field = viewChild(FieldInput);
  private readonly device = viewChild<ElementRef<HTMLElement>>('device');
  /** A passkey last where this browser has none. */
  private readonly kinds = computed(() =>
    this.passkeys.supported
      ? this.next()
      : [...this.next()].sort((a, b) => Number(a === 'passkey') - Number(b === 'passkey')),
  );
  protected readonly kind = linkedSignal(() => this.kinds()[0] ?? 'totp');
  protected readonly byApp = computed(() => this.kind() === 'totp');
  protected readonly others = computed(() => this.kinds().filter((kind) => kind !== this.kind()));
  private readonly model = signal({ code: '' });
  protected readonly refusal = new Refusal(this.model);
  protected readonly form = form(
    this.model,
    ({ code }) => required(code, { message: $localize`:@@factor.codeMissing:Type the code.` }),
    { submission: { action: () => this.refusal.of(() => this.send()) } },
  );
  /** Why the passkey did not do. */
  protected readonly wrong = signal('');
  protected readonly busy = signal(false);
  protected readonly appLabel = $localize`:@@factor.app:Code of your authenticator app`;
  protected readonly appHint = $localize`:@@factor.appHint:Six digits that change every half minute.`;
  protected readonly recoveryLabel = $localize`:@@factor.recovery:Recovery code`;
  protected readonly recoveryHint = $localize`:@@factor.recoveryHint:One of the ten that you stored. Each works once.`;
  protected readonly instead: Readonly<Record<SignInStep, string>> = {
    totp: $localize`:@@factor.appInstead:Use the authenticator app`,
    recovery_code: $localize`:@@factor.recoveryInstead:Use a recovery code`,
    passkey: $localize`:@@factor.passkey:Use your passkey`,
  };

  constructor() {
    this.focus();
  }

  protected turnTo(kind: SignInStep): void {
    this.kind.set(kind);
    this.form().reset({ code: '' });
    this.refusal.forget();
    this.wrong.set('');
    this.focus();
  }

  protected async byPasskey(): Promise<void> {
    this.busy.set(true);
    this.wrong.set('');
    try {
      await this.take()({ passkey: await this.passkeys.prove({ fillIn: false }) });
    } catch (error) {
      this.wrong.set(this.passkeys.wordsFor(error));
    } finally {
      this.busy.set(false);
    }
  }

  private async send(): Promise<void> {
    const code = this.form.code().value();
    try {
      await this.take()(this.byApp() ? { totp: code } : { recoveryCode: code });
    } catch (error) {
      if (asProblem(error).reason === 'FACTOR_WRONG') this.form.code().reset('');
      throw error;
    }
  }

  private focus(): void {
    const write = () => (this.field() ?? this.device()?.nativeElement)?.focus();
    afterNextRender({ write }, { injector: this.injector });
  }
}
