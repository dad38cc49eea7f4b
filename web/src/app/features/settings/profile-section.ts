import { Component, inject, linkedSignal, signal } from '@angular/core';
import { Session } from '../../core/session/session';
import { lineFor } from '../../core/words';
import { Field, FieldInput } from '../../shared/field/field';
import { Toasts } from '../../shared/toast/toasts';

@Component({
  selector: 'cv-profile-section',
  imports: [Field, FieldInput],
  styleUrl: './section.css',
  template: `
    <section class="card" aria-labelledby="profile-title">
      <div>
        <h2 id="profile-title">Profile</h2>
        <p class="intro">This is how people see you in a meeting.</p>
      </div>
      <form (submit)="$event.preventDefault(); save()" novalidate>
        <cv-field label="Name" [error]="error()">
          <input
            cvInput
            name="name"
            autocomplete="name"
            maxlength="80"
            dir="auto"
            [value]="name()"
            (input)="name.set($any($event.target).value)"
          />
        </cv-field>
        <cv-field label="E-mail"><input cvInput type="email" [value]="session.me()?.email ?? ''" disabled /></cv-field>
        <div class="actions">
          <button class="btn primary" type="submit" [disabled]="busy() || name().trim() === session.me()?.displayName">
            Save name
          </button>
        </div>
      </form>
    </section>
  `,
})
export class ProfileSection {
  protected readonly session = inject(Session);
  protected readonly name = linkedSignal(() => this.session.me()?.displayName ?? '');
  protected readonly error = signal('');
  protected readonly busy = signal(false);
  private readonly toasts = inject(Toasts);

  protected async save(): Promise<void> {
    const name = this.name().trim();
    this.error.set(name ? '' : 'Type the name people know you by.');
    if (!name) return;
    this.busy.set(true);
    try {
      await this.session.rename(name);
      this.toasts.say('Your name is saved.');
    } catch (error) {
      this.error.set(lineFor(error));
    } finally {
      this.busy.set(false);
    }
  }
}
