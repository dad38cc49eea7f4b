import { Component, computed, inject, input } from '@angular/core';
import type { AccessLevel } from '../../core/api/types';
import { Icon } from '../../shared/icon/icon';
import { MeetingRoom } from './meeting-room';

const ENTRY_FACTS: Record<AccessLevel, string> = {
  invited: 'Each was invited by a host. Nobody can enter with the link alone.',
  code: 'Each knew the access code. Nobody can enter with the link alone.',
  invited_and_code: 'Each was invited by a host and knew the access code. Nobody can enter with the link alone.',
  organisation: 'Everyone with an account here can enter with the link.',
};

/** What holds in this meeting, and what does not. Only facts of this version. */
@Component({
  selector: 'cv-promise-panel',
  imports: [Icon],
  template: `
    <div class="sheet">
      <h2>What is protected here</h2>
      <p>For this meeting, now.</p>
      <div class="item">
        <cv-icon name="users" />
        <div>
          <b>{{ people() }}</b>
          <p>{{ entry() }} Hosts can always enter their room.</p>
        </div>
      </div>
      <div class="item">
        <cv-icon name="lock" />
        <div>
          <b>Files and messages are sealed</b>
          <p>
            With AES-256 and authentication, before they are stored; each file has a key of its own. They open only
            while you are in the meeting.
          </p>
        </div>
      </div>
      <div class="item">
        <cv-icon name="mic" />
        <div>
          <b>Sound and picture are encrypted on the way</b>
          <p>
            Between you and the media server. There is no end-to-end encryption in this version, so the server could see
            them.
          </p>
        </div>
      </div>
      <div class="item">
        <cv-icon class="plain" name="eye" />
        <div>
          <b>Not recorded</b>
          <p>This version cannot record. It cannot stop someone from filming their own screen either.</p>
        </div>
      </div>
      <div class="item">
        <cv-icon class="plain" name="calendar" />
        <div>
          <b>Kept until the room is deleted</b>
          <p>Then the keys are destroyed. Nobody can read its files and messages after that.</p>
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
      padding: 4px 22px 22px;
    }
    h2 {
      font-size: var(--text-lg);
    }
    .sheet > p {
      color: var(--ink-2);
      font-size: 0.9rem;
      margin: 4px 0 16px;
    }
    .item {
      display: grid;
      grid-template-columns: 24px 1fr;
      gap: 12px;
      padding: 15px 0;
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
      margin-top: 2px;
    }
  `,
})
export class PromisePanel {
  readonly accessLevel = input.required<AccessLevel>();
  private readonly room = inject(MeetingRoom);
  protected readonly people = computed(() => {
    const count = this.room.participants().length;
    return count === 1 ? 'Only you are inside, signed in' : `${count} people inside, all signed in`;
  });
  protected readonly entry = computed(() => ENTRY_FACTS[this.accessLevel()]);
}
