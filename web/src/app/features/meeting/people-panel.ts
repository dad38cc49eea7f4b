import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { Component, computed, inject } from '@angular/core';
import { Api, type AddressProof, type RoomRole } from '../../core/api/api';
import { formatCount, formatFacts, isolated } from '../../core/format';
import { ROLE_WORDS } from '../../core/room-words';
import { Avatar } from '../../shared/avatar/avatar';
import { Dialogs } from '../../shared/dialog/dialogs';
import { Icon } from '../../shared/icon/icon';
import { PersonName } from '../../shared/person/person-name';
import { Toasts } from '../../shared/toast/toasts';
import { InviteDialog } from '../rooms';
import { Lobby } from './lobby';
import { LobbyList } from './lobby-list';
import { MeetingRoom } from './meeting-room';
import { MeetingStore } from './meeting-store';
import { Namesakes } from './namesakes';
import type { ParticipantView } from './participant-view';
import { Rights } from './rights';
import { TURNS } from './role-turns';

/** How an address was proven, for hosts. */
const PROOF_WORDS: Record<AddressProof, string> = {
  invitation: $localize`:@@people.provenByInvitation:opened an invitation to their address`,
  mail: $localize`:@@people.provenByMail:address proven by mail`,
  provider: $localize`:@@people.provenByProvider:address proven by a provider`,
};

/** Who is here, and what a host can do about it. */
@Component({
  selector: 'cv-people-panel',
  imports: [Avatar, CdkMenu, CdkMenuItem, CdkMenuTrigger, Icon, LobbyList, PersonName],
  template: `
    <cv-lobby-list />
    <h2 class="h" i18n="@@people.inside">In the meeting, {{ count(people().length) }}</h2>
    <ul i18n-aria-label="@@people.list" aria-label="People in the meeting">
      @for (person of people(); track person.joinId) {
        <li>
          <cv-avatar [name]="person.name" [seed]="person.userId || person.joinId" />
          <div class="who">
            <cv-person-name
              [name]="person.name"
              [twin]="namesakes.of(person.userId)"
              [you]="person.local"
              [verified]="person.verified"
            />
            <span class="facts">{{ facts(person) }}</span>
          </div>
          <span class="mic" [class.off]="!person.microphoneOn">
            <cv-icon [name]="person.microphoneOn ? 'mic' : 'mic-off'" />
            @if (person.microphoneOn) {
              <span class="visually-hidden" i18n="@@people.microphoneOn">Microphone on</span>
            } @else {
              <span class="visually-hidden" i18n="@@people.isMuted">Muted</span>
            }
          </span>
          @if (rights.mayAnything(person.joinId)) {
            <button
              class="icon-btn"
              type="button"
              [cdkMenuTriggerFor]="menu"
              i18n-ariaLabel="@@people.options"
              ariaLabel="Options for {{ namesakes.label(person) }}"
            >
              <cv-icon name="ellipsis" />
            </button>
            <ng-template #menu>
              <div class="cv-menu" cdkMenu>
                @if (rights.mayTo(person.joinId, 'participant.mute')) {
                  <button
                    class="item"
                    type="button"
                    cdkMenuItem
                    [cdkMenuItemDisabled]="!person.microphoneOn"
                    (cdkMenuItemTriggered)="mute(person)"
                  >
                    <cv-icon name="mic-off" />
                    @if (person.microphoneOn) {
                      <span i18n="@@people.mute">Mute</span>
                    } @else {
                      <span i18n="@@people.alreadyMuted">Is muted</span>
                    }
                  </button>
                }
                @if (rights.mayTo(person.joinId, 'room.roles')) {
                  <button class="item" type="button" cdkMenuItem (cdkMenuItemTriggered)="changeRole(person)">
                    <cv-icon [name]="turns[person.role].icon" /><span>{{ turns[person.role].action }}</span>
                  </button>
                }
                @if (rights.mayTo(person.joinId, 'participant.remove')) {
                  <button class="item danger" type="button" cdkMenuItem (cdkMenuItemTriggered)="remove(person)">
                    <cv-icon name="user-minus" /><span i18n="@@people.remove">Remove from the meeting</span>
                  </button>
                }
              </div>
            </ng-template>
          }
        </li>
      }
    </ul>
    @if (store.may('room.invite')) {
      <div class="foot">
        <button class="btn" type="button" (click)="invite()">
          <cv-icon name="plus" /><span i18n="@@rooms.inviteSomeone">Invite someone</span>
        </button>
      </div>
    }
  `,
  styleUrl: './people-panel.css',
})
export class PeoplePanel {
  protected readonly store = inject(MeetingStore);
  protected readonly rights = inject(Rights);
  protected readonly namesakes = inject(Namesakes);
  protected readonly turns = TURNS;
  protected readonly count = formatCount;
  private readonly room = inject(MeetingRoom);
  private readonly api = inject(Api);
  private readonly dialogs = inject(Dialogs);
  private readonly lobby = inject(Lobby);
  private readonly toasts = inject(Toasts);
  protected readonly people = computed(() => {
    const rank: Record<RoomRole, number> = { owner: 0, moderator: 1, participant: 2 };
    return [...this.room.participants()].sort((a, b) => rank[a.role] - rank[b.role] || a.name.localeCompare(b.name));
  });

  protected facts(person: ParticipantView): string {
    const facts = [ROLE_WORDS[person.role]];
    const proof = this.rights.proofOf(person.joinId);
    if (proof) facts.push(PROOF_WORDS[proof]);
    if (person.screen) facts.push($localize`:@@people.presenting:presenting`);
    if (person.quality === 'poor') facts.push($localize`:@@people.weakConnection:weak connection`);
    if (person.quality === 'lost') facts.push($localize`:@@people.reconnecting:reconnecting`);
    return formatFacts(facts);
  }

  protected async mute(person: ParticipantView): Promise<void> {
    try {
      await this.api.muteParticipant(this.store.slug(), person.joinId);
      this.toasts.say(
        $localize`:@@people.mutedToast:${isolated(this.namesakes.label(person))}:NAME: is muted. They can unmute themselves.`,
      );
    } catch (error) {
      this.toasts.fail(error);
    }
  }

  protected async remove(person: ParticipantView): Promise<void> {
    const sure = await this.dialogs.confirm({
      title: $localize`:@@people.removeTitle:Remove ${isolated(this.namesakes.label(person))}:NAME:?`,
      text: $localize`:@@people.removeText:They leave at once, their files close, and they stay out until a host invites them again. Newcomers wait from then on until a host lets them in.`,
      action: $localize`:@@people.removeAction:Remove`,
    });
    if (!sure) return;
    try {
      const { codeChanged } = await this.api.removeParticipant(this.store.slug(), person.joinId);
      this.lobby.removed(this.namesakes.label(person), codeChanged);
    } catch (error) {
      this.toasts.fail(error);
    }
  }

  /** Asks before power is given, for what is done with it stays done; taking it back is one click. */
  protected async changeRole(person: ParticipantView): Promise<void> {
    const { role, question, done } = TURNS[person.role];
    if (question && !(await this.dialogs.confirm({ ...question(this.namesakes.label(person)), calm: true }))) return;
    try {
      await this.api.setMemberRole(this.store.slug(), person.userId, { role });
      this.toasts.say(done(this.namesakes.label(person)));
    } catch (error) {
      this.toasts.fail(error);
    }
  }

  protected invite(): void {
    void this.dialogs.open(InviteDialog, { data: { slug: this.store.slug(), roomName: this.store.roomName() } });
  }
}
