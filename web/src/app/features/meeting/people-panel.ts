import { Component, computed, DestroyRef, inject } from '@angular/core';
import type { AddressProof, RoomRole } from '../../core/api/api';
import { formatCount, formatFacts } from '../../core/format';
import { ROLE_WORDS } from '../../core/room-words';
import { Avatar } from '../../shared/avatar/avatar';
import { Dialogs } from '../../shared/dialog/dialogs';
import { Icon } from '../../shared/icon/icon';
import { PersonName } from '../../shared/person/person-name';
import { InviteDialog } from '../rooms';
import { LobbyList } from './lobby-list';
import { MeetingRoom } from './meeting-room';
import { MeetingStore } from './meeting-store';
import { Namesakes } from '../../shared/person/namesakes';
import type { ParticipantView } from './participant-view';
import { PersonMenu } from './person-menu';
import { Rights } from './rights';

/** How an address was proven, for hosts. */
const PROOF_WORDS: Record<AddressProof, string> = {
  invitation: $localize`:@@people.provenByInvitation:opened an invitation to their address`,
  mail: $localize`:@@people.provenByMail:address proven by mail`,
  provider: $localize`:@@people.provenByProvider:address proven by a provider`,
};

/** Who is here, and what a host can do about it. */
@Component({
  selector: 'cv-people-panel',
  imports: [Avatar, Icon, LobbyList, PersonMenu, PersonName],
  template: `
    <cv-lobby-list />
    @if (arriving().length > 0) {
      <h2 class="list-head" i18n="@@people.arriving">On the way in, {{ count(arriving().length) }}</h2>
      <ul class="arriving" i18n-aria-label="@@people.arrivingList" aria-label="People on the way in">
        @for (person of arriving(); track person.joinId) {
          <li>
            <cv-avatar [name]="person.name" [seed]="person.userId || person.joinId" />
            <div class="who">
              <cv-person-name [name]="person.name" [twin]="namesakes.of(person.userId)" [verified]="person.verified" />
              <span class="facts" i18n="@@people.isArriving">Let in, not connected yet</span>
            </div>
            <cv-person-menu [person]="person" />
          </li>
        }
      </ul>
    }
    <h2 class="list-head" i18n="@@people.inside">In the meeting, {{ count(people().length) }}</h2>
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
          <cv-person-menu [person]="person" />
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
  protected readonly count = formatCount;
  private readonly room = inject(MeetingRoom);
  private readonly dialogs = inject(Dialogs);
  protected readonly people = computed(() => {
    const rank: Record<RoomRole, number> = { owner: 0, moderator: 1, participant: 2 };
    return [...this.room.participants()].sort((a, b) => rank[a.role] - rank[b.role] || a.name.localeCompare(b.name));
  });

  protected readonly arriving = computed(() =>
    this.rights.arriving().map(({ displayName, ...others }) => ({ ...others, name: displayName, microphoneOn: null })),
  );

  constructor() {
    inject(DestroyRef).onDestroy(this.rights.watchPeople());
  }

  protected facts(person: ParticipantView): string {
    const facts = [ROLE_WORDS[person.role]];
    const proof = this.rights.proofOf(person.joinId);
    if (proof) facts.push(PROOF_WORDS[proof]);
    if (person.screen) facts.push($localize`:@@people.presenting:presenting`);
    if (person.quality === 'poor') facts.push($localize`:@@people.weakConnection:weak connection`);
    if (person.quality === 'lost') facts.push($localize`:@@people.reconnecting:reconnecting`);
    return formatFacts(facts);
  }

  protected invite(): void {
    void this.dialogs.open(InviteDialog, { data: { slug: this.store.slug(), roomName: this.store.roomName() } });
  }
}
