import { Component, inject } from '@angular/core';
import { Api, type Session as SessionInfo } from '../../core/api/api';
import { formatAgo, formatDate } from '../../core/format';
import { PagedList } from '../../core/list/paged-list';
import { Icon } from '../../shared/icon/icon';
import { Steady } from '../../shared/steady/steady';
import { FailedState } from '../../shared/states/failed-state';
import { Toasts } from '../../shared/toast/toasts';
import { deviceName, isPhone } from './device-name';

@Component({
  selector: 'cv-sessions-section',
  imports: [FailedState, Icon, Steady],
  styleUrls: ['./section.css', './sessions-section.css'],
  template: `
    <section class="card" aria-labelledby="sessions-title">
      <div>
        <h2 id="sessions-title" i18n="@@settings.sessions">Where you are signed in</h2>
        <p class="intro" i18n="@@settings.sessionsIntro">End what you do not know. It is signed out at once.</p>
      </div>
      @if (sessions.items(); as items) {
        <ul cvSteady>
          @for (item of items; track item.id) {
            <li>
              <span class="kind"><cv-icon [name]="phone(item) ? 'smartphone' : 'monitor'" /></span>
              <div>
                <b>{{ device(item) }}</b>
                @if (item.current) {
                  <span class="tag accent" i18n="@@settings.thisSession">This one</span>
                }
                <div class="muted" i18n="@@settings.sessionUsed">
                  Last used
                  {{
                    ago(item.lastSeenAt)  // i18n(ph="AGO")
                  }}, since
                  {{
                    date(item.createdAt) // i18n(ph="DATE")
                  }}
                </div>
              </div>
              @if (!item.current) {
                <button
                  class="btn"
                  type="button"
                  ariaLabel="End the session on {{ device(item) }}"
                  i18n-ariaLabel="@@settings.endSession"
                  (click)="end(item)"
                  i18n="@@settings.end"
                >
                  End
                </button>
              }
            </li>
          }
        </ul>
      } @else if (sessions.error(); as error) {
        <cv-failed-state [error]="error" (retry)="sessions.reload()" />
      } @else {
        <div aria-busy="true" role="status" aria-label="Loading" i18n-aria-label="@@shared.loading">
          <div class="skeleton row"></div>
          <div class="skeleton row"></div>
        </div>
      }
    </section>
  `,
})
export class SessionsSection {
  private readonly api = inject(Api);
  private readonly toasts = inject(Toasts);
  protected readonly sessions = new PagedList<SessionInfo>({ read: () => this.api.sessions() });
  protected readonly ago = formatAgo;
  protected readonly date = formatDate;
  protected readonly device = (item: SessionInfo) => deviceName(item.userAgent);
  protected readonly phone = (item: SessionInfo) => isPhone(item.userAgent);

  constructor() {
    void this.sessions.reload();
  }

  protected async end(item: SessionInfo): Promise<void> {
    try {
      await this.api.endSession(item.id);
      this.toasts.say($localize`:@@settings.sessionEnded:That session is ended.`);
    } catch (error) {
      this.toasts.fail(error);
    }
    void this.sessions.reload();
  }
}
