import { Component, computed, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Room } from '../../core/api/api';
import { formatAgo, isolated } from '../../core/format';
import { ACCESS_WORDS, ROLE_WORDS } from '../../core/room-words';
import { Icon } from '../../shared/icon/icon';
import { RoomMenu } from './room-menu';

/** A room in the list. */
@Component({
  selector: 'cv-room-row',
  imports: [Icon, RoomMenu, RouterLink],
  template: `
    <div class="what">
      <b dir="auto">{{ room().name }}</b>
      <div class="muted">{{ used() }}</div>
    </div>
    <span class="tag role">{{ role() }}</span>
    <span class="tag access" [title]="access().hint" [class.sealed]="access().sealed"
      ><cv-icon class="small" name="lock" />{{ access().label }}</span
    >
    <cv-room-menu [room]="room()" />
    <a
      class="btn"
      [routerLink]="['/r', room().slug]"
      ariaLabel="Enter {{ room().name }}"
      i18n-ariaLabel="@@home.enterRoom"
      i18n="@@home.enter"
      >Enter</a
    >
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: 1fr 130px 170px auto auto;
      gap: var(--space-3h);
      align-items: center;
      padding: var(--space-4) var(--space-6);
    }
    .what {
      min-width: 0;
    }
    b {
      display: block;
      font-weight: 560;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .tag {
      justify-self: start;
    }
    @media (max-width: 720px) {
      :host {
        grid-template-columns: 1fr auto auto;
        gap: var(--space-1h);
        padding-block: var(--space-3h);
        padding-inline: var(--space-4) var(--space-2h);
      }
      .tag {
        display: none;
      }
      b {
        display: -webkit-box;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 2;
        white-space: normal;
        overflow-wrap: anywhere;
      }
    }
  `,
})
export class RoomRow {
  readonly room = input.required<Room>();
  protected readonly access = computed(() => ACCESS_WORDS[this.room().accessLevel]);
  protected readonly role = computed(() => ROLE_WORDS[this.room().role]);
  protected readonly used = computed(() => {
    const { lastUsedAt, owner, role } = this.room();
    const ago = lastUsedAt ? formatAgo(lastUsedAt) : '';
    if (role === 'owner')
      return ago ? $localize`:@@home.used:Used ${ago}:AGO:` : $localize`:@@home.unused:Not used yet`;
    return ago
      ? $localize`:@@home.usedBy:Used ${ago}:AGO:, hosted by ${isolated(owner.displayName)}:HOST:`
      : $localize`:@@home.unusedBy:Not used yet, hosted by ${isolated(owner.displayName)}:HOST:`;
  });
}
