import { DialogRef } from '@angular/cdk/dialog';
import { Component, inject, signal } from '@angular/core';
import { apply, form } from '@angular/forms/signals';
import { Api } from '../../core/api/api';
import { DialogShell } from '../../shared/dialog/dialog-shell';
import { FORM_PARTS } from '../../shared/field/form-parts';
import { nameRule } from '../../shared/field/name-rule';
import { Passkeys } from '../../shared/proof/passkeys';
import { Proofs } from '../../shared/proof/proofs';
import { deviceName } from './device-name';

/** Adds a passkey: a name, then what the device asks for. Closes with the recovery codes that were made. */
@Component({
  selector: 'cv-add-passkey-dialog',
  imports: [DialogShell, ...FORM_PARTS],
  template: `
    <cv-dialog-shell [heading]="heading">
      <p class="muted" i18n="@@passkey.text">
        Your device asks for finger, face or PIN and keeps the passkey. It lets you in without a password too.
      </p>
      <form [formRoot]="form">
        <cv-field
          label="Name"
          i18n-label="@@auth.name"
          hint="So that you can tell it from others, such as “Phone”."
          i18n-hint="@@factor.nameHint"
        >
          <input cvInput cdkFocusInitial dir="auto" autocomplete="off" [formField]="form.name" />
        </cv-field>
        <cv-refused [line]="wrong()" />
        <button class="btn primary wide" type="submit" [disabled]="form().submitting()" i18n="@@factor.add">Add</button>
      </form>
    </cv-dialog-shell>
  `,
  styles: `
    form {
      display: grid;
      gap: var(--space-4);
    }
  `,
})
export class AddPasskeyDialog {
  private readonly ref = inject<DialogRef<readonly string[]>>(DialogRef);
  private readonly api = inject(Api);
  private readonly passkeys = inject(Passkeys);
  private readonly proofs = inject(Proofs);
  protected readonly heading = $localize`:@@security.addPasskey:Add a passkey`;
  protected readonly wrong = signal('');
  protected readonly form = form(
    signal({ name: deviceName(navigator.userAgent) }),
    ({ name }) => apply(name, nameRule(60, $localize`:@@factor.nameMissing:Type a name for it.`)),
    { submission: { action: () => this.add() } },
  );

  private async add(): Promise<undefined> {
    const name = this.form.name().value().trim();
    this.wrong.set('');
    try {
      const made = await this.proofs.with(async () => {
        const key = await this.passkeys.make();
        return this.api.addPasskey({ ...key, name });
      });
      if (made) this.ref.close(made.recoveryCodes);
    } catch (error) {
      this.wrong.set(this.passkeys.wordsFor(error));
    }
    return undefined;
  }
}
