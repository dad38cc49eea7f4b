import { DialogRef } from '@angular/cdk/dialog';
import { afterNextRender, Component, inject, Injector, signal, viewChild } from '@angular/core';
import { apply, form, required } from '@angular/forms/signals';
import { Api, type BeginTotpAnswer } from '../../core/api/api';
import { asProblem } from '../../core/api/problem';
import { CopyButton } from '../../shared/copy/copy-button';
import { DialogShell } from '../../shared/dialog/dialog-shell';
import { FieldInput } from '../../shared/field/field';
import { FORM_PARTS } from '../../shared/field/form-parts';
import { nameRule } from '../../shared/field/name-rule';
import { Refusal } from '../../shared/field/refusal';
import { Proofs } from '../../shared/proof/proofs';
import { QrCode } from '../../shared/qr/qr-code';

/** Adds an authenticator app: a name, then its secret to scan, then a code that shows it was. Closes with the recovery codes that were made. */
@Component({
  selector: 'cv-add-app-dialog',
  imports: [CopyButton, DialogShell, QrCode, ...FORM_PARTS],
  template: `
    <cv-dialog-shell [heading]="heading">
      @if (begun(); as app) {
        <p class="muted" i18n="@@factor.scan">Scan this with the app, or type the key into it.</p>
        <cv-qr-code
          [text]="app.uri"
          label="QR code for your authenticator app"
          i18n-label="@@factor.qrLabel"
          class="centred"
        />
        <div class="with-action">
          <code class="code-box" dir="ltr" aria-label="Key" i18n-aria-label="@@factor.key">{{
            spaced(app.secret)
          }}</code>
          <cv-copy-button [text]="app.secret" />
        </div>
        <form [formRoot]="confirming">
          <cv-field label="Code that the app shows now" i18n-label="@@factor.firstCode">
            <input
              cvInput
              dir="ltr"
              inputmode="numeric"
              autocomplete="one-time-code"
              spellcheck="false"
              [formField]="confirming.code"
            />
          </cv-field>
          <cv-refused [line]="codeRefusal.line()" />
          <button class="btn primary wide" type="submit" [disabled]="confirming().submitting()" i18n="@@factor.add">
            Add
          </button>
        </form>
      } @else {
        <form [formRoot]="naming">
          <cv-field
            label="Name"
            i18n-label="@@auth.name"
            hint="So that you can tell it from others, such as “Phone”."
            i18n-hint="@@factor.nameHint"
          >
            <input cvInput cdkFocusInitial dir="auto" autocomplete="off" [formField]="naming.name" />
          </cv-field>
          <cv-refused [line]="nameRefusal.line()" />
          <button class="btn primary wide" type="submit" [disabled]="naming().submitting()" i18n="@@token.continue">
            Continue
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
    cv-qr-code {
      justify-self: center;
    }
  `,
})
export class AddAppDialog {
  private readonly ref = inject<DialogRef<readonly string[]>>(DialogRef);
  private readonly api = inject(Api);
  private readonly proofs = inject(Proofs);
  private readonly injector = inject(Injector);
  private readonly field = viewChild(FieldInput);
  protected readonly heading = $localize`:@@factor.addTitle:Add an authenticator app`;
  protected readonly begun = signal<BeginTotpAnswer | null>(null);

  private readonly name = signal({ name: '' });
  protected readonly nameRefusal = new Refusal(this.name);
  protected readonly naming = form(
    this.name,
    ({ name }) => apply(name, nameRule(60, $localize`:@@factor.nameMissing:Type a name for it.`)),
    { submission: { action: () => this.nameRefusal.of(() => this.begin()) } },
  );

  private readonly code = signal({ code: '' });
  protected readonly codeRefusal = new Refusal(this.code);
  protected readonly confirming = form(
    this.code,
    ({ code }) => required(code, { message: $localize`:@@factor.codeMissing:Type the code.` }),
    { submission: { action: () => this.codeRefusal.of(() => this.confirm()) } },
  );

  /** In groups of four, as one types it. */
  protected readonly spaced = (secret: string): string => secret.replaceAll(/(.{4})(?=.)/g, '$1 ');

  private async begin(): Promise<void> {
    const name = this.naming.name().value().trim();
    const begun = await this.proofs.with(() => this.api.beginTotp({ name }));
    if (!begun) return;
    this.begun.set(begun);
    afterNextRender({ write: () => this.field()?.focus() }, { injector: this.injector });
  }

  private async confirm(): Promise<void> {
    const { id } = this.begun() ?? { id: '' };
    try {
      const code = this.confirming.code().value();
      const made = await this.proofs.with(() => this.api.confirmTotp(id, { code }));
      if (made) this.ref.close(made.recoveryCodes);
    } catch (error) {
      if (asProblem(error).reason === 'FACTOR_WRONG') this.confirming.code().reset('');
      throw error;
    }
  }
}
