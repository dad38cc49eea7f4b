import { Component, inject } from '@angular/core';
import { Api } from '../../core/api/api';
import type { SessionInfo } from '../../core/api/types';
import { formatAgo, formatDate } from '../../core/format';
import { Icon } from '../../shared/icon/icon';
import { FailedState } from '../../shared/states/failed-state';
import { loaded } from '../../shared/states/resource';
import { Toasts } from '../../shared/toast/toasts';
import { deviceName, isPhone } from './device-name';

@Component({
  selector: 'cv-sessions-section',
  imports: [FailedState, Icon],
  styleUrls: ['./section.css', './sessions-section.css'],
  template: `
    <section class="card" aria-labelledby="sessions-title">
      <div>
        <h2 id="sessions-title">Where you are signed in</h2>
        <p class="intro">End what you do not know. It is signed out at once.</p>
      </div>
      @if (sessions.value(); as page) {
        <ul>
          @for (item of page.items; track item.id) {
            <li>
              <span class="kind"><cv-icon [name]="phone(item) ? 'smartphone' : 'monitor'" /></span>
              <div>
                <b>{{ device(item) }}</b>
                @if (item.current) {
                  <span class="tag accent">This one</span>
                }
                <div class="muted">Last used {{ ago(item.lastSeenAt) }}, since {{ date(item.createdAt) }}</div>
              </div>
              @if (!item.current) {
                <button
                  class="btn"
                  type="button"
                  [attr.aria-label]="'End the session on ' + device(item)"
                  (click)="end(item)"
                >
                  End
                </button>
              }
            </li>
          }
        </ul>
      } @else if (sessions.error()) {
        <cv-failed-state [error]="sessions.error()" (retry)="sessions.load()" />
      } @else {
        <div class="skeleton row" aria-label="Loading"></div>
        <div class="skeleton row"></div>
      }
    </section>
  `,
})
export class SessionsSection {
  private readonly api = inject(Api);
  private readonly toasts = inject(Toasts);
  protected readonly sessions = loaded(() => this.api.sessions());
  protected readonly ago = formatAgo;
  protected readonly date = formatDate;
  protected readonly device = (item: SessionInfo) => deviceName(item.userAgent);
  protected readonly phone = (item: SessionInfo) => isPhone(item.userAgent);

  constructor() {
    void this.sessions.load();
  }

  protected async end(item: SessionInfo): Promise<void> {
    try {
      await this.api.endSession(item.id);
      this.toasts.say('That session is ended.');
    } catch (error) {
      this.toasts.fail(error);
    }
    await this.sessions.load();
  }
}
