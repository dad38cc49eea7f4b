import { Component, inject, signal } from '@angular/core';
import { formatCount } from '../../core/format';
import { Avatar } from '../../shared/avatar/avatar';
import { Steady } from '../../shared/steady/steady';
import { PersonName } from '../../shared/person/person-name';
import { Lobby } from './lobby';

/** Who waits before the door, and whether newcomers do: for those who decide about it. */
@Component({
  selector: 'cv-lobby-list',
  imports: [Avatar, PersonName, Steady],
  template: `
    @if (lobby.may()) {
      @if (lobby.waiting().length > 0) {
        <h2 class="list-head" i18n="@@lobby.waiting">Waiting, {{ count(lobby.waiting().length) }}</h2>
        <ul cvSteady i18n-aria-label="@@lobby.list" aria-label="People who wait">
          @for (person of lobby.waiting(); track person.requestId) {
            <li>
              <cv-avatar [name]="person.displayName" [seed]="person.userId" />
              <cv-person-name [name]="person.displayName" [verified]="person.verified" />
              <div class="acts">
                <button
                  class="btn"
                  type="button"
                  i18n-ariaLabel="@@lobby.denyName"
                  ariaLabel="Deny {{ person.displayName }}"
                  i18n="@@lobby.deny"
                  (click)="lobby.deny(person)"
                >
                  Deny
                </button>
                <button
                  class="btn primary"
                  type="button"
                  i18n-ariaLabel="@@lobby.admitName"
                  ariaLabel="Admit {{ person.displayName }}"
                  i18n="@@lobby.admit"
                  (click)="lobby.admit(person)"
                >
                  Admit
                </button>
              </div>
            </li>
          }
        </ul>
      }
      @if (lobby.codeGuessed()) {
        <p class="notice warn">
          <span class="grow" i18n="@@lobby.guessed">Many wrong access codes were tried.</span>
          <button class="btn" type="button" i18n="@@lobby.changeCode" (click)="lobby.changeCode()">
            Change the code
          </button>
        </p>
      }
      <label class="switch">
        <input
          type="checkbox"
          role="switch"
          [checked]="lobby.newcomersWait()"
          [disabled]="busy()"
          (change)="change($any($event.target).checked)"
        />
        <span>
          <b i18n="@@lobby.newcomersWait">Newcomers wait for a host</b>
          @if (lobby.newcomersWait()) {
            <small i18n="@@lobby.newcomersWaitOn"
              >Whoever is new waits here until you let them in. Switch it off to let them in as before.</small
            >
          } @else {
            <small i18n="@@lobby.newcomersWaitOff">Whoever is new comes in as the room allows.</small>
          }
        </span>
      </label>
    }
  `,
  styles: `
    :host {
      display: block;
      flex: none;
    }
    ul {
      max-height: 40vh;
      overflow: auto;
    }
    li {
      display: grid;
      grid-template-columns: 36px minmax(0, 1fr);
      gap: var(--space-1h) var(--space-2h);
      align-items: center;
      padding-block: var(--space-1h);
      padding-inline: var(--space-4);
    }
    .acts {
      grid-column: 1 / -1;
      display: flex;
      gap: var(--space-2);
    }
    .acts .btn {
      flex: 1;
    }
    .notice {
      margin: var(--space-2) var(--space-4);
    }
    .switch {
      display: flex;
      gap: var(--space-2h);
      align-items: flex-start;
      min-height: 44px;
      padding: var(--space-2h) var(--space-4);
      border-bottom: 1px solid var(--line);
    }
    .switch b {
      display: block;
      font-weight: 550;
      font-size: 0.9rem;
    }
    .switch small {
      color: var(--ink-2);
      font-size: var(--text-xs);
    }
  `,
})
export class LobbyList {
  protected readonly lobby = inject(Lobby);
  protected readonly count = formatCount;
  protected readonly busy = signal(false);

  protected async change(wait: boolean): Promise<void> {
    this.busy.set(true);
    await this.lobby.setNewcomersWait(wait);
    this.busy.set(false);
  }
}
