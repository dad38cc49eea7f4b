import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { Component, computed, inject, signal } from '@angular/core';
import { form, required } from '@angular/forms/signals';
import { Api, type SignInStep } from '../../core/api/api';
import { DialogShell } from '../dialog/dialog-shell';
import { FORM_PARTS } from '../field/form-parts';
import { Password } from '../field/password';
import { Refusal } from '../field/refusal';
import { FactorForm, type FactorProof } from './factor-form';

/** By what a person can prove themselves again, in the words of the refusal that asked for it. */
export interface ProofQuestion {
  readonly by: readonly string[];
}

const steps: readonly SignInStep[] = ['passkey', 'totp', 'recovery_code'];

/** Asks a person to prove themselves again; closes with true once they have. */
@Component({
  selector: 'cv-prove-dialog',
  imports: [DialogShell, FactorForm, Password, ...FORM_PARTS],
  template: `
    <cv-dialog-shell [heading]="heading">
      <p class="muted" i18n="@@proof.text">This changes how you prove who you are, so it needs a proof of now.</p>
      @if (next().length > 0) {
        <cv-factor-form cdkFocusInitial [next]="next()" [take]="byFactor" />
      } @else {
        <form [formRoot]="form">
          <cv-password cdkFocusInitial [formField]="form.password" [error]="refusal.line()" />
          <button
            class="btn primary wide"
            type="submit"
            [disabled]="form().submitting() || form().invalid()"
            i18n="@@factor.confirm"
          >
            Confirm
          </button>
        </form>
      }
    </cv-dialog-shell>
  `,
  styles: `
    form {
      display: grid;
      gap: var(--space-4);
    }
  `,
})
export class ProveDialog {
  private readonly ref = inject<DialogRef<boolean>>(DialogRef);
  private readonly api = inject(Api);
  private readonly question = inject<ProofQuestion>(DIALOG_DATA);
  protected readonly heading = $localize`:@@proof.title:Prove that it is you`;
  protected readonly next = computed(() => steps.filter((step) => this.question.by.includes(step)));
  private readonly model = signal({ password: '' });
  protected readonly refusal = new Refusal(this.model);
  protected readonly form = form(this.model, (path) => required(path.password), {
    submission: { action: () => this.refusal.of(() => this.byPassword()) },
  });

  protected readonly byFactor = async (proof: FactorProof): Promise<void> => {
    await this.api.proveSession(proof);
    this.ref.close(true);
  };

  private async byPassword(): Promise<void> {
    await this.api.proveSession({ password: this.form.password().value() });
    this.ref.close(true);
  }
}
