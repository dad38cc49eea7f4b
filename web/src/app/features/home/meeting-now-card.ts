import { Component, computed, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Room } from '../../core/api/api';
import { formatCount, formatTime } from '../../core/format';
import { ACCESS_WORDS, ROLE_WORDS } from '../../core/room-words';
import { Icon } from '../../shared/icon/icon';
import { RoomMenu } from './room-menu';

/** A room in which people are right now. */
@Component({
  selector: 'cv-meeting-now-card',
  imports: [Icon, RoomMenu, RouterLink],
  template: `
    <section class="card" [attr.aria-label]="room().name">
      <div class="when">
        <b class="num">{{ count(inside()) }}</b><span class="muted" i18n="@@home.inside">inside</span>
      </div>
      <div class="what">
        <h3 dir="auto">{{ room().name }}</h3>
        <p class="muted" i18n="@@home.since">
          Since
          {{
            since() // i18n(ph="TIME")
          }}
        </p>
        <div class="tags">
          <span class="tag" [title]="access().hint" [class.sealed]="access().sealed"
            ><cv-icon class="small" name="lock" />{{ access().label }}</span
          >
          <span class="tag">{{ role() }}</span>
        </div>
      </div>
      <cv-room-menu [room]="room()" />
      <a
        class="btn enter"
        [routerLink]="['/r', room().slug]"
        ariaLabel="Enter {{ room().name }}"
        i18n-ariaLabel="@@home.enterRoom"
        i18n="@@home.enter"
        >Enter</a
      >
    </section>
  `,
  styles: `
    .card {
      display: flex;
      gap: var(--space-6);
      align-items: center;
      padding: var(--space-5) var(--space-6);
      box-shadow: var(--shadow-1);
    }
    .when {
      text-align: center;
      min-width: 68px;
      padding-inline-end: var(--space-6);
      border-inline-end: 1px solid var(--line);
      font-size: var(--text-sm);
    }
    .when b {
      display: block;
      font-size: var(--text-xl);
      font-weight: 620;
      letter-spacing: -0.02em;
      line-height: 1.15;
    }
    .what {
      flex: 1;
      min-width: 0;
    }
    h3 {
      font-size: var(--text-lg);
      letter-spacing: -0.01em;
      overflow: hidden;
      text-overflow: ellipsis;
    }
    .tags {
      display: flex;
      gap: var(--space-1h);
      margin-top: var(--space-2);
      flex-wrap: wrap;
    }
    .enter {
      background: var(--accent-soft);
      color: var(--accent);
      border-color: transparent;
    }
    cv-room-menu {
      margin-inline-end: calc(-1 * var(--space-3h));
    }
    @media (max-width: 720px) {
      .card {
        flex-wrap: wrap;
        gap: var(--space-3h);
        padding: var(--space-4);
      }
      .when {
        min-width: 0;
        padding-inline-end: var(--space-4);
      }
      .enter {
        width: 100%;
      }
    }
  `,
})
export class MeetingNowCard {
  readonly room = input.required<Room>();
  protected readonly count = formatCount;
  protected readonly inside = computed(() => this.room().meeting?.participantCount ?? 0);
  protected readonly access = computed(() => ACCESS_WORDS[this.room().accessLevel]);
  protected readonly role = computed(() => ROLE_WORDS[this.room().role]);
  protected readonly since = computed(() => formatTime(this.room().meeting?.startedAt ?? this.room().createdAt));
}
