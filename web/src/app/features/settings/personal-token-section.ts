import { Component, inject, signal } from '@angular/core';
import { Api } from '../../core/api/api';
import { Session } from '../../core/session/session';
import { lineFor } from '../../core/words';
import { Password } from '../../shared/field/password';
import { Icon } from '../../shared/icon/icon';
import { Toasts } from '../../shared/toast/toasts';
import { PersonalTokenCard } from '../../shared/token/personal-token-card';

@Component({
  selector: 'cv-personal-token-section',
  imports: [Icon, Password, PersonalTokenCard],
  styleUrl: './section.css',
  template: `
    @if (token(); as made) {
      <cv-personal-token-card [token]="made" [owner]="session.me()?.email ?? ''" (stored)="finish()" />
    } @else {
      <section class="card" aria-labelledby="token-section-title">
        <div>
          <h2 id="token-section-title">Personal token</h2>
          <p class="intro">
            It proves you are you at doors that ask for it. We cannot show it again, but you can make a new one. The old
            one stops working at once.
          </p>
        </div>
        @if (asking()) {
          <form (submit)="$event.preventDefault(); rotate()" novalidate>
            <cv-password label="Password" hint="To be sure that it is you." [(value)]="password" [error]="error()" />
            <div class="actions">
              <button class="btn primary" type="submit" [disabled]="busy() || !password()">Make a new token</button>
              <button class="btn quiet" type="button" (click)="cancel()">Cancel</button>
            </div>
          </form>
        } @else {
          <div class="actions">
            <button class="btn" type="button" (click)="asking.set(true)">
              <cv-icon name="key-round" />New personal token
            </button>
          </div>
        }
      </section>
    }
  `,
})
export class PersonalTokenSection {
  protected readonly session = inject(Session);
  protected readonly asking = signal(false);
  protected readonly password = signal('');
  protected readonly error = signal('');
  protected readonly busy = signal(false);
  protected readonly token = signal('');
  private readonly api = inject(Api);
  private readonly toasts = inject(Toasts);

  protected async rotate(): Promise<void> {
    this.busy.set(true);
    this.error.set('');
    try {
      const { personalToken } = await this.api.rotatePersonalToken(this.password());
      this.token.set(personalToken);
      this.cancel();
    } catch (error) {
      this.error.set(lineFor(error));
    } finally {
      this.busy.set(false);
    }
  }

  protected cancel(): void {
    this.asking.set(false);
    this.password.set('');
    this.error.set('');
  }

  protected finish(): void {
    this.token.set('');
    this.toasts.say('Your new personal token works from now on. The old one does not.');
  }
}
