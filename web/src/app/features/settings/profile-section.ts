import { Component, computed, inject, linkedSignal } from '@angular/core';
import { apply, form } from '@angular/forms/signals';
import { Session } from '../../core/session/session';
import { FORM_PARTS } from '../../shared/field/form-parts';
import { Refusal } from '../../shared/field/refusal';
import { personName } from '../../shared/person/typed-name';
import { Toasts } from '../../shared/toast/toasts';

@Component({
  selector: 'cv-profile-section',
  imports: [...FORM_PARTS],
  styleUrl: './section.css',
  template: `
    <section class="card" aria-labelledby="profile-title">
      <div>
        <h2 id="profile-title" i18n="@@settings.profile">Profile</h2>
        <p class="intro" i18n="@@settings.profileIntro">This is how people see you in a meeting.</p>
      </div>
      <form [formRoot]="form">
        <cv-field label="Name" i18n-label="@@auth.name" [error]="refusal.line()">
          <input cvInput autocomplete="name" dir="auto" [formField]="form.name" />
        </cv-field>
        <cv-field label="E-mail" i18n-label="@@auth.email">
          <input cvInput type="email" [value]="session.me()?.email ?? ''" disabled />
        </cv-field>
        <div class="actions">
          <button
            class="btn primary"
            type="submit"
            [disabled]="form().submitting() || same()"
            i18n="@@settings.saveName"
          >
            Save name
          </button>
        </div>
      </form>
    </section>
  `,
})
export class ProfileSection {
  protected readonly session = inject(Session);
  private readonly toasts = inject(Toasts);
  private readonly model = linkedSignal(() => ({ name: this.session.me()?.displayName ?? '' }));
  protected readonly refusal = new Refusal(this.model);
  protected readonly form = form(this.model, ({ name }) => apply(name, personName), {
    submission: { action: () => this.refusal.of(() => this.save()) },
  });
  protected readonly same = computed(() => this.form.name().value().trim() === this.session.me()?.displayName);

  private async save(): Promise<void> {
    await this.session.rename(this.form.name().value().trim());
    this.toasts.say($localize`:@@settings.nameSaved:Your name is saved.`);
  }
}
