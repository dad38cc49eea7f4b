import { Component, computed, input } from '@angular/core';
import type { RoomRole } from '../../core/api/api';
import { ROLE_WORDS } from '../../core/room-words';
import { VerifiedMark } from './verified-mark';

/**
 * Somebody's name, wherever one stands: apart from the direction of the text around it, with what is so about the person. The mark
 * stands where it is known whether their address is proven, and its green only where it is.
 */
@Component({
  selector: 'cv-person-name',
  imports: [VerifiedMark],
  template: `
    <bdi class="name">{{ name() }}</bdi>
    @if (twin()) {
      &ngsp;<bdi class="twin">{{ twin() }}</bdi>
    }
    @if (you()) {
      &ngsp;<span class="you" i18n="@@person.you">(you)</span>
    }
    @if (roleWords()) {
      &ngsp;<span class="role">{{ roleWords() }}</span>
    }
    @if (verified() !== null) {
      <cv-verified-mark [verified]="verified() === true" />
    }
  `,
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      gap: var(--space-1);
      min-width: 0;
      max-width: 100%;
      vertical-align: bottom;
    }
    :host > * {
      flex: none;
    }
    /* All of it where there is room; never cut to a letter or two, nor wider than it is. */
    .name {
      flex: 1 0 6ch;
      max-width: max-content;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .you,
    .twin {
      color: var(--person-quiet, var(--ink-2));
      font-weight: 450;
    }
    .role {
      padding: 0 var(--space-1h);
      border: 1px solid currentColor;
      border-radius: var(--radius-full);
      color: var(--person-quiet, var(--ink-2));
      font-size: var(--text-xs);
      font-weight: 500;
      line-height: 1.4;
    }
  `,
})
export class PersonName {
  readonly name = input.required<string>();
  readonly you = input(false);
  /** The role in the room, where it is known: hosts and co-hosts are marked. */
  readonly role = input<RoomRole | null>(null);
  /** Whether the person's address is proven; null where that is not known. */
  readonly verified = input<boolean | null>(null);
  /** What tells this person from another of the same name. */
  readonly twin = input<string | null>(null);
  protected readonly roleWords = computed(() => {
    const role = this.role();
    return role === null || role === 'participant' ? null : ROLE_WORDS[role];
  });
}
