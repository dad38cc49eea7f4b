import { Component, computed, inject } from '@angular/core';
import type { AccessLevel } from '../../core/api/api';
import { formatCount } from '../../core/format';
import { ACCESS_WORDS } from '../../core/room-words';
import { Icon } from '../../shared/icon/icon';
import { MeetingRoom } from './meeting-room';
import { MeetingStore } from './meeting-store';

const ENTRY_FACTS: Record<AccessLevel, string> = {
  invited: $localize`:@@meeting.entryInvited:Each was invited by a host. Nobody can enter with the link alone.`,
  code: $localize`:@@meeting.entryCode:Each knew the access code. Nobody can enter with the link alone.`,
  invited_and_code: $localize`:@@meeting.entryBoth:Each was invited by a host and knew the access code. Nobody can enter with the link alone.`,
  organisation: $localize`:@@meeting.entryOrganisation:Everyone with an account here can enter with the link.`,
};

/** What holds in this meeting, and what does not. Only facts of this version. */
@Component({
  selector: 'cv-promise-panel',
  // It scrolls, and holds nothing else that the keyboard could reach.
  host: { tabindex: '0' },
  imports: [Icon],
  template: `
    <div class="sheet">
      <h2 i18n="@@meeting.protectedTitle">What is protected here</h2>
      <p i18n="@@meeting.protectedLead">For this meeting, now.</p>
      <div class="item">
        <cv-icon name="users" [class.plain]="!earned()" />
        <div>
          <b i18n="@@meeting.protectedPeople">{people(), plural,
            =1 {Only you are inside, signed in}
            other {{{ count(people()) }} people inside, all signed in}
          }</b>
          <p>
            {{ entry() }} <ng-container i18n="@@meeting.hostsEnter">Hosts can always enter their room.</ng-container>
          </p>
        </div>
      </div>
      <div class="item">
        <cv-icon name="lock" />
        <div>
          <b i18n="@@meeting.sealedTitle">Files and messages are sealed</b>
          <p i18n="@@meeting.sealedText">
            With AES-256 and authentication, before they are stored; each file has a key of its own. They open only
            while you are in the meeting.
          </p>
        </div>
      </div>
      <div class="item">
        <cv-icon name="mic" />
        <div>
          <b i18n="@@meeting.mediaTitle">Sound and picture are encrypted on the way</b>
          <p i18n="@@meeting.mediaText">
            Between you and the media server. There is no end-to-end encryption in this version, so the server could see
            them.
          </p>
        </div>
      </div>
      <div class="item">
        <cv-icon class="plain" name="eye" />
        <div>
          <b i18n="@@meeting.notRecordedTitle">Not recorded</b>
          <p i18n="@@meeting.notRecordedText">
            This version cannot record. It cannot stop someone from filming their own screen either.
          </p>
        </div>
      </div>
      <div class="item">
        <cv-icon class="plain" name="calendar" />
        <div>
          <b i18n="@@meeting.keptTitle">Kept until the room is deleted</b>
          <p i18n="@@meeting.keptText">
            Then the keys are destroyed. Nobody can read its files and messages after that.
          </p>
        </div>
      </div>
    </div>
  `,
  styles: `
    :host {
      overflow: auto;
      flex: 1;
    }
    .sheet {
      padding: var(--space-1) var(--space-6) var(--space-6);
    }
    h2 {
      font-size: var(--text-lg);
    }
    .sheet > p {
      color: var(--ink-2);
      font-size: 0.9rem;
      margin: var(--space-1) 0 var(--space-4);
    }
    .item {
      display: grid;
      grid-template-columns: 24px 1fr;
      gap: var(--space-3);
      padding: var(--space-3h) 0;
      border-top: 1px solid var(--line);
    }
    cv-icon {
      color: var(--sealed);
      margin-top: 1px;
    }
    cv-icon.plain {
      color: var(--ink-2);
    }
    b {
      font-weight: 560;
      font-size: 0.92rem;
    }
    .item p {
      color: var(--ink-2);
      font-size: var(--text-sm);
      line-height: 1.45;
      margin-top: var(--space-half);
    }
  `,
})
export class PromisePanel {
  private readonly room = inject(MeetingRoom);
  private readonly store = inject(MeetingStore);
  protected readonly count = formatCount;
  protected readonly people = computed(() => this.room.participants().length);
  /** Green is a promise: only where more than being signed in is proven at the door. */
  protected readonly earned = computed(() => ACCESS_WORDS[this.store.accessLevel()].sealed);
  protected readonly entry = computed(() => ENTRY_FACTS[this.store.accessLevel()]);
}
