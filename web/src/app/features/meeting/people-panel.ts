import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { Component, computed, inject, input } from '@angular/core';
import { Api } from '../../core/api/api';
import type { RoomRole } from '../../core/api/types';
import { ROLE_WORDS } from '../../core/room-words';
import { Avatar } from '../../shared/avatar/avatar';
import { Dialogs } from '../../shared/dialog/dialogs';
import { Icon } from '../../shared/icon/icon';
import { Toasts } from '../../shared/toast/toasts';
import { InviteDialog } from '../rooms';
import { MeetingRoom } from './meeting-room';
import type { ParticipantView } from './participant-view';

/** Who is here, and what a host can do about it. */
@Component({
  selector: 'cv-people-panel',
  imports: [Avatar, CdkMenu, CdkMenuItem, CdkMenuTrigger, Icon],
  template: `
    <h3 class="h">In the meeting, {{ people().length }}</h3>
    <ul aria-label="People in the meeting">
      @for (person of people(); track person.joinId) {
        <li>
          <cv-avatar [name]="person.name" [seed]="person.userId || person.joinId" />
          <div class="who">
            <b dir="auto">{{ person.name }}{{ person.local ? ' (you)' : '' }}</b>
            <span>{{ facts(person) }}</span>
          </div>
          <span class="mic" [class.off]="!person.microphoneOn">
            <cv-icon [name]="person.microphoneOn ? 'mic' : 'mic-off'" />
            <span class="visually-hidden">{{ person.microphoneOn ? 'Microphone on' : 'Muted' }}</span>
          </span>
          @if (moderates(person)) {
            <button
              class="icon-btn"
              type="button"
              [cdkMenuTriggerFor]="menu"
              [attr.aria-label]="'Options for ' + person.name"
            >
              <cv-icon name="ellipsis" />
            </button>
            <ng-template #menu>
              <div class="cv-menu" cdkMenu>
                <button
                  class="item"
                  type="button"
                  cdkMenuItem
                  [cdkMenuItemDisabled]="!person.microphoneOn"
                  (cdkMenuItemTriggered)="mute(person)"
                >
                  <cv-icon name="mic-off" /><span>{{ person.microphoneOn ? 'Mute' : 'Is muted' }}</span>
                </button>
                <button class="item danger" type="button" cdkMenuItem (cdkMenuItemTriggered)="remove(person)">
                  <cv-icon name="user-minus" /><span>Remove from the meeting</span>
                </button>
              </div>
            </ng-template>
          }
        </li>
      }
    </ul>
    @if (role() !== 'participant') {
      <div class="foot">
        <button class="btn" type="button" (click)="invite()"><cv-icon name="plus" />Invite someone</button>
      </div>
    }
  `,
  styleUrl: './people-panel.css',
})
export class PeoplePanel {
  readonly slug = input.required<string>();
  readonly roomName = input('');
  readonly role = input.required<RoomRole>();
  private readonly room = inject(MeetingRoom);
  private readonly api = inject(Api);
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);
  protected readonly people = computed(() => {
    const rank: Record<RoomRole, number> = { owner: 0, moderator: 1, participant: 2 };
    return [...this.room.participants()].sort((a, b) => rank[a.role] - rank[b.role] || a.name.localeCompare(b.name));
  });

  protected facts(person: ParticipantView): string {
    const facts = [ROLE_WORDS[person.role]];
    if (person.screen) facts.push('presenting');
    if (person.quality === 'poor') facts.push('weak connection');
    if (person.quality === 'lost') facts.push('reconnecting');
    return facts.join(', ');
  }

  /** Hosts may moderate everyone but themselves and the owner. */
  protected moderates(person: ParticipantView): boolean {
    return this.role() !== 'participant' && !person.local && person.role !== 'owner';
  }

  protected async mute(person: ParticipantView): Promise<void> {
    try {
      await this.api.muteParticipant(this.slug(), person.joinId);
      this.toasts.say(`${person.name} is muted. They can unmute themselves.`);
    } catch (error) {
      this.toasts.fail(error);
    }
  }

  protected async remove(person: ParticipantView): Promise<void> {
    const sure = await this.dialogs.confirm({
      title: `Remove ${person.name}?`,
      text: 'They leave at once, their files close, and they stay out until a host invites them again.',
      action: 'Remove',
    });
    if (!sure) return;
    try {
      await this.api.removeParticipant(this.slug(), person.joinId);
      this.toasts.say(`${person.name} is removed.`);
    } catch (error) {
      this.toasts.fail(error);
    }
  }

  protected invite(): void {
    void this.dialogs.open(InviteDialog, { data: { slug: this.slug(), roomName: this.roomName() } });
  }
}
