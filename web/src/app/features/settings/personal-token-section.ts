import { Component, inject, signal } from '@angular/core';
import { form, required } from '@angular/forms/signals';
import { Api } from '../../core/api/api';
import { Session } from '../../core/session/session';
import { FORM_PARTS } from '../../shared/field/form-parts';
import { Password } from '../../shared/field/password';
import { Refusal } from '../../shared/field/refusal';
import { Proofs } from '../../shared/proof/proofs';
import { Icon } from '../../shared/icon/icon';
import { Toasts } from '../../shared/toast/toasts';
import { PersonalTokenCard } from '../../shared/token/personal-token-card';

@Component({
  selector: 'cv-personal-token-section',
  imports: [Icon, Password, PersonalTokenCard, ...FORM_PARTS],
  styleUrl: './section.css',
  template: `
    @if (token(); as made) {
      <cv-personal-token-card [token]="made" [owner]="session.me()?.email ?? ''" (stored)="finish()" />
    } @else {
      <section class="card" aria-labelledby="token-section-title">
        <div>
          <h2 id="token-section-title" i18n="@@settings.token">Personal token</h2>
          <p class="intro" i18n="@@settings.tokenIntro">
            It proves you are you at doors that ask for it. We cannot show it again, but you can make a new one. The old
            one stops working at once.
          </p>
        </div>
        @if (asking()) {
          <form [formRoot]="form">
            <cv-password
              hint="To be sure that it is you."
              i18n-hint="@@settings.tokenPassword"
              [formField]="form.password"
              [error]="refusal.line()"
            />
            <div class="actions">
              <button
                class="btn primary"
                type="submit"
                [disabled]="form().submitting() || form().invalid()"
                i18n="@@settings.tokenMake"
              >
                Make a new token
              </button>
              <button class="btn quiet" type="button" (click)="cancel()" i18n="@@shared.cancel">Cancel</button>
            </div>
          </form>
        } @else {
          <div class="actions">
            <button class="btn" type="button" (click)="asking.set(true)">
              <cv-icon name="key-round" /><span i18n="@@settings.tokenNew">New personal token</span>
            </button>
          </div>
        }
      </section>
    }
  `,
})
export class PersonalTokenSection {
  protected readonly session = inject(Session);
  private readonly api = inject(Api);
  private readonly toasts = inject(Toasts);
  private readonly proofs = inject(Proofs);
  protected readonly asking = signal(false);
  protected readonly token = signal('');
  private readonly model = signal({ password: '' });
  protected readonly refusal = new Refusal(this.model);
  protected readonly form = form(this.model, (path) => required(path.password), {
    submission: { action: () => this.refusal.of(() => this.rotate()) },
  });

  protected cancel(): void {
    this.asking.set(false);
    this.form().reset({ password: '' });
    this.refusal.forget();
  }

  protected finish(): void {
    this.token.set('');
    this.toasts.say($localize`:@@settings.tokenDone:Your new personal token works from now on. The old one does not.`);
  }

  private async rotate(): Promise<void> {
    const password = this.form.password().value();
    const made = await this.proofs.with(() => this.api.rotatePersonalToken({ password }));
    if (!made) return;
    this.token.set(made.personalToken);
    this.cancel();
  }
}
