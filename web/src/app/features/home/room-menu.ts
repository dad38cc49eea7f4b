import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Room } from '../../core/api/api';
import { roomLink } from '../../core/room-words';
import { Dialogs } from '../../shared/dialog/dialogs';
import { Icon } from '../../shared/icon/icon';
import { Toasts } from '../../shared/toast/toasts';
import { InviteDialog } from '../rooms';

/** What else can be done with a room. */
@Component({
  selector: 'cv-room-menu',
  imports: [CdkMenu, CdkMenuItem, CdkMenuTrigger, Icon, RouterLink],
  template: `
    <button
      class="icon-btn"
      type="button"
      [cdkMenuTriggerFor]="menu"
      ariaLabel="More about {{ room().name }}"
      i18n-ariaLabel="@@home.roomMenu"
    >
      <cv-icon name="ellipsis" />
    </button>
    <ng-template #menu>
      <div class="cv-menu" cdkMenu>
        @if (manages()) {
          <button class="item" cdkMenuItem type="button" (cdkMenuItemTriggered)="invite()">
            <cv-icon name="user-plus" /><span i18n="@@home.invite">Invite someone</span>
          </button>
        }
        <button class="item" cdkMenuItem type="button" (cdkMenuItemTriggered)="copyLink()">
          <cv-icon name="link" /><span i18n="@@home.copyLink">Copy room link</span>
        </button>
        <a class="item" cdkMenuItem [routerLink]="['/r', room().slug, 'files']"
          ><cv-icon name="folder-lock" /><span i18n="@@home.files">View files</span></a
        >
        @if (manages()) {
          <div class="rule"></div>
          <a class="item" cdkMenuItem [routerLink]="['/r', room().slug, 'settings']">
            <cv-icon name="settings" /><span i18n="@@home.roomSettings">Room settings</span>
          </a>
        }
      </div>
    </ng-template>
  `,
})
export class RoomMenu {
  readonly room = input.required<Room>();
  protected readonly manages = computed(() => this.room().can.includes('room.invite'));
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);

  protected invite(): void {
    void this.dialogs.open(InviteDialog, { data: { slug: this.room().slug, roomName: this.room().name } });
  }

  protected async copyLink(): Promise<void> {
    const link = roomLink(this.room().slug);
    try {
      await navigator.clipboard.writeText(link);
      this.toasts.say(
        $localize`:@@home.linkCopied:The room link is copied. It opens the door only for those who may enter.`,
      );
    } catch {
      this.toasts.say($localize`:@@home.linkIs:The room link is ${link}:LINK:`);
    }
  }
}
