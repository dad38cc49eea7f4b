import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { Component, inject } from '@angular/core';
import { isolated } from '../../core/format';
import { DialogShell } from '../../shared/dialog/dialog-shell';
import { Invitations } from './invitations';

export interface InviteDialogData {
  readonly slug: string;
  readonly roomName: string;
}

/** Inviting from anywhere: the home list, the people panel. */
@Component({
  selector: 'cv-invite-dialog',
  imports: [DialogShell, Invitations],
  template: `
    <cv-dialog-shell [heading]="heading">
      <cv-invitations [slug]="data.slug" />
      <button cvActions class="btn" type="button" i18n="@@rooms.done" (click)="ref.close()">Done</button>
    </cv-dialog-shell>
  `,
})
export class InviteDialog {
  protected readonly data = inject<InviteDialogData>(DIALOG_DATA);
  protected readonly ref = inject(DialogRef);
  protected readonly heading = $localize`:@@rooms.inviteTo:Invite to ${isolated(this.data.roomName)}:INTERPOLATION:`;
}
