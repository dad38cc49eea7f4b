import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { Component, inject, input } from '@angular/core';
import { Api } from '../../core/api/api';
import { isolated } from '../../core/format';
import { Dialogs } from '../../shared/dialog/dialogs';
import { Icon } from '../../shared/icon/icon';
import { Toasts } from '../../shared/toast/toasts';
import { Lobby } from './lobby';
import { MeetingStore } from './meeting-store';
import { Namesakes } from '../../shared/person/namesakes';
import type { ParticipantView } from './participant-view';
import { Rights } from './rights';
import { TURNS } from './role-turns';

type Facts = Pick<ParticipantView, 'joinId' | 'userId' | 'name' | 'role'>;

/** Somebody inside, or on the way in: then there is no microphone yet. */
type Reachable = Facts & { readonly microphoneOn: boolean | null };

/** What a host can do about somebody; nothing where the API lets one do nothing. */
@Component({
  selector: 'cv-person-menu',
  imports: [CdkMenu, CdkMenuItem, CdkMenuTrigger, Icon],
  template: `
    @if (rights.mayAnything(person().joinId)) {
      <button
        class="icon-btn"
        type="button"
        [cdkMenuTriggerFor]="menu"
        i18n-ariaLabel="@@people.options"
        ariaLabel="Options for {{ namesakes.label(person()) }}"
      >
        <cv-icon name="ellipsis" />
      </button>
      <ng-template #menu>
        <div class="cv-menu" cdkMenu>
          @if (person().microphoneOn !== null && rights.mayTo(person().joinId, 'participant.mute')) {
            <button
              class="item"
              type="button"
              cdkMenuItem
              [cdkMenuItemDisabled]="!person().microphoneOn"
              (cdkMenuItemTriggered)="mute()"
            >
              <cv-icon name="mic-off" />
              @if (person().microphoneOn) {
                <span i18n="@@people.mute">Mute</span>
              } @else {
                <span i18n="@@people.alreadyMuted">Is muted</span>
              }
            </button>
          }
          @if (rights.mayTo(person().joinId, 'room.roles')) {
            <button class="item" type="button" cdkMenuItem (cdkMenuItemTriggered)="changeRole()">
              <cv-icon [name]="turns[person().role].icon" /><span>{{ turns[person().role].action }}</span>
            </button>
          }
          @if (rights.mayTo(person().joinId, 'participant.remove')) {
            <button class="item danger" type="button" cdkMenuItem (cdkMenuItemTriggered)="remove()">
              <cv-icon name="user-minus" /><span i18n="@@people.remove">Remove from the meeting</span>
            </button>
          }
        </div>
      </ng-template>
    }
  `,
})
export class PersonMenu {
  readonly person = input.required<Reachable>();
  protected readonly rights = inject(Rights);
  protected readonly namesakes = inject(Namesakes);
  protected readonly turns = TURNS;
  private readonly api = inject(Api);
  private readonly dialogs = inject(Dialogs);
  private readonly lobby = inject(Lobby);
  private readonly store = inject(MeetingStore);
  private readonly toasts = inject(Toasts);

  protected async mute(): Promise<void> {
    try {
      await this.api.muteParticipant(this.store.slug(), this.person().joinId);
      this.toasts.say(
        $localize`:@@people.mutedToast:${isolated(this.namesakes.label(this.person()))}:NAME: is muted. They can unmute themselves.`,
      );
    } catch (error) {
      this.toasts.fail(error);
    }
  }

  protected async remove(): Promise<void> {
    const sure = await this.dialogs.confirm({
      title: $localize`:@@people.removeTitle:Remove ${isolated(this.namesakes.label(this.person()))}:NAME:?`,
      text: $localize`:@@people.removeText:They leave at once, their files close, and they stay out until a host invites them again. Newcomers wait from then on until a host lets them in.`,
      action: $localize`:@@people.removeAction:Remove`,
    });
    if (!sure) return;
    try {
      const { codeChanged } = await this.api.removeParticipant(this.store.slug(), this.person().joinId);
      this.lobby.removed(this.namesakes.label(this.person()), codeChanged);
    } catch (error) {
      this.toasts.fail(error);
    }
  }

  /** Asks before power is given, for what is done with it stays done; taking it back is one click. */
  protected async changeRole(): Promise<void> {
    const { role, question, done } = TURNS[this.person().role];
    if (question && !(await this.dialogs.confirm({ ...question(this.namesakes.label(this.person())), calm: true })))
      return;
    try {
      await this.api.setMemberRole(this.store.slug(), this.person().userId, { role });
      this.toasts.say(done(this.namesakes.label(this.person())));
    } catch (error) {
      this.toasts.fail(error);
    }
  }
}
