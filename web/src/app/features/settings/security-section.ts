import { Component, computed, inject, resource } from '@angular/core';
import type { ComponentType } from '@angular/cdk/portal';
import { Api, type Factor } from '../../core/api/api';
import { formatAgo, formatDate, isolated } from '../../core/format';
import { plural } from '../../core/plural';
import { Session } from '../../core/session/session';
import { Dialogs } from '../../shared/dialog/dialogs';
import { Icon } from '../../shared/icon/icon';
import { Proofs } from '../../shared/proof/proofs';
import { FailedState } from '../../shared/states/failed-state';
import { latest } from '../../shared/states/latest';
import { Toasts } from '../../shared/toast/toasts';
import { Passkeys } from '../../shared/proof/passkeys';
import { AddAppDialog } from './add-app-dialog';
import { AddPasskeyDialog } from './add-passkey-dialog';
import { RecoveryCodesDialog, type RecoveryCodesShown } from './recovery-codes-dialog';

/** What a person has besides the password: seen, added, taken away. */
@Component({
  selector: 'cv-security-section',
  imports: [FailedState, Icon],
  styleUrls: ['./section.css', './sessions-section.css'],
  template: `
    <section class="card" aria-labelledby="security-title">
      <div>
        <h2 id="security-title" i18n="@@security.title">Security</h2>
        <p class="intro" i18n="@@security.intro">
          A second factor keeps others out, even those who know your password. Sign-in asks for it after the password.
        </p>
      </div>
      @if (held(); as factors) {
        @if (items().length > 0) {
          <ul aria-label="Second factors" i18n-aria-label="@@security.factors">
            @for (item of items(); track item.id) {
              <li>
                <span class="kind"><cv-icon [name]="item.kind === 'totp' ? 'smartphone' : 'key-round'" /></span>
                <div>
                  <b dir="auto">{{ item.name }}</b>
                  <div class="muted">{{ item.kind === 'totp' ? appWord : passkeyWord }} · {{ used(item) }}</div>
                </div>
                <button
                  class="btn"
                  type="button"
                  ariaLabel="Remove {{ item.name }}"
                  i18n-ariaLabel="@@security.removeNamed"
                  (click)="remove(item)"
                  i18n="@@security.remove"
                >
                  Remove
                </button>
              </li>
            }
          </ul>
          <p class="intro">{{ codesLeft(factors.recoveryCodesLeft) }}</p>
        } @else {
          <p class="muted" i18n="@@security.none">You have none yet: your password alone lets you in.</p>
        }
        <div class="actions">
          @if (passkeys.supported) {
            <button class="btn" type="button" (click)="addPasskey()">
              <cv-icon name="key-round" /><span i18n="@@security.addPasskey">Add a passkey</span>
            </button>
          }
          <button class="btn" type="button" (click)="addApp()">
            <cv-icon name="smartphone" /><span i18n="@@factor.addTitle">Add an authenticator app</span>
          </button>
          @if (items().length > 0) {
            <button class="btn" type="button" (click)="renew()">
              <cv-icon name="copy" /><span i18n="@@security.newCodes">New recovery codes</span>
            </button>
          }
        </div>
      } @else if (answer.error(); as error) {
        <cv-failed-state [error]="error" (retry)="answer.reload()" />
      } @else {
        <div aria-busy="true" role="status" aria-label="Loading" i18n-aria-label="@@shared.loading">
          <div class="skeleton row"></div>
        </div>
      }
    </section>
  `,
})
export class SecuritySection {
  private readonly api = inject(Api);
  protected readonly passkeys = inject(Passkeys);
  private readonly dialogs = inject(Dialogs);
  private readonly proofs = inject(Proofs);
  private readonly session = inject(Session);
  private readonly toasts = inject(Toasts);
  protected readonly answer = resource({ loader: () => this.api.factors() });
  protected readonly held = latest(this.answer);
  protected readonly items = computed(() => this.held()?.items ?? []);
  protected readonly appWord = $localize`:@@security.app:Authenticator app`;
  protected readonly passkeyWord = $localize`:@@security.passkey:Passkey`;

  protected readonly used = ({ createdAt, lastUsedAt }: Factor): string => {
    const added = formatDate(createdAt);
    return lastUsedAt
      ? $localize`:@@security.used:Added ${added}:DATE:, last used ${formatAgo(lastUsedAt)}:AGO:`
      : $localize`:@@security.added:Added ${added}:DATE:`;
  };

  protected readonly codesLeft = (left: number): string =>
    plural(
      $localize`:@@security.codesLeft:{COUNT, plural, =0 {No recovery code is left. Make new ones.} =1 {One recovery code is left.} other {# recovery codes are left.}}`,
      left,
    );

  protected addApp(): Promise<void> {
    return this.add(AddAppDialog);
  }

  protected addPasskey(): Promise<void> {
    return this.add(AddPasskeyDialog);
  }

  private async add(dialog: ComponentType<AddAppDialog | AddPasskeyDialog>): Promise<void> {
    const codes = await this.dialogs.open<readonly string[], unknown, AddAppDialog | AddPasskeyDialog>(dialog, {
      panelClass: ['cv-dialog', 'narrow'],
    });
    if (!codes) return;
    if (codes.length > 0) await this.show(codes);
    this.toasts.say($localize`:@@security.done:From now on sign-in asks for it.`);
    this.answer.reload();
  }

  protected async renew(): Promise<void> {
    try {
      const made = await this.proofs.with(() => this.api.renewRecoveryCodes());
      if (made) await this.show(made.recoveryCodes);
    } catch (error) {
      this.toasts.fail(error);
    }
    this.answer.reload();
  }

  protected async remove({ id, name, kind }: Factor): Promise<void> {
    const last = this.items().length === 1;
    const sure = await this.dialogs.confirm({
      title: $localize`:@@security.removeTitle:Remove ${isolated(name)}:NAME:?`,
      text: last
        ? $localize`:@@security.removeLast:It is your only one. Your password alone lets you in then, and your recovery codes are worth nothing any more.`
        : $localize`:@@security.removeText:Sign-in does not take it any more.`,
      action: $localize`:@@security.remove:Remove`,
    });
    if (!sure) return;
    try {
      const removed = await this.proofs.with(async () => {
        await (kind === 'totp' ? this.api.removeTotp(id) : this.api.removePasskey(id));
        return true;
      });
      if (removed) this.toasts.say($localize`:@@security.removed:${isolated(name)}:NAME: is removed.`);
    } catch (error) {
      this.toasts.fail(error);
    }
    this.answer.reload();
  }

  /** They exist now and never again: neither Escape nor a click beside them closes it. */
  private show(codes: readonly string[]): Promise<unknown> {
    const data: RecoveryCodesShown = { owner: this.session.me()?.email ?? '', codes };
    return this.dialogs.open(RecoveryCodesDialog, { data, disableClose: true, panelClass: ['cv-dialog', 'narrow'] });
  }
}
