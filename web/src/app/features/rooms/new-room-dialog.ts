import { DialogRef } from '@angular/cdk/dialog';
import { Component, computed, inject, signal } from '@angular/core';
import { apply, form } from '@angular/forms/signals';
import { Router } from '@angular/router';
import { Api, type AccessLevel, type CreatedRoom } from '../../core/api/api';
import { draftOf } from '../../core/drafts/drafts';
import { roomLink } from '../../core/room-words';
import { CopyButton } from '../../shared/copy/copy-button';
import { DialogShell } from '../../shared/dialog/dialog-shell';
import { Dialogs } from '../../shared/dialog/dialogs';
import { FORM_PARTS } from '../../shared/field/form-parts';
import { Refusal } from '../../shared/field/refusal';
import { Icon } from '../../shared/icon/icon';
import { AccessLevelChoice } from './access-level-choice';
import { InviteDialog } from './invite-dialog';
import { roomName } from './room-name';

/** Makes a room, then shows its link and its access code. */
@Component({
  selector: 'cv-new-room-dialog',
  imports: [...FORM_PARTS, AccessLevelChoice, CopyButton, DialogShell, Icon],
  templateUrl: './new-room-dialog.html',
  styleUrl: './new-room-dialog.css',
})
export class NewRoomDialog {
  protected readonly ref = inject<DialogRef<CreatedRoom>>(DialogRef);
  private readonly api = inject(Api);
  private readonly dialogs = inject(Dialogs);
  private readonly router = inject(Router);
  private readonly wish = signal({ name: '', accessLevel: 'invited' as AccessLevel, askPersonalToken: false });
  private readonly draft = draftOf(() => 'new-room', this.wish, ['name', 'accessLevel', 'askPersonalToken']);
  protected readonly refusal = new Refusal(this.wish);
  protected readonly room = form(this.wish, ({ name }) => apply(name, roomName), {
    name: 'new-room',
    submission: { action: () => this.refusal.of(() => this.create()) },
  });
  protected readonly made = signal<CreatedRoom | null>(null);
  protected readonly link = computed(() => roomLink(this.made()?.slug ?? ''));
  protected readonly accessLevel = computed(() => this.wish().accessLevel);
  protected readonly usesCode = computed(() => ['code', 'invited_and_code'].includes(this.accessLevel()));

  protected enter(room: CreatedRoom): void {
    this.ref.close(room);
    void this.router.navigate(['/r', room.slug]);
  }

  protected invite(room: CreatedRoom): void {
    this.ref.close(room);
    void this.dialogs.open(InviteDialog, { data: { slug: room.slug, roomName: room.name } });
  }

  private async create(): Promise<void> {
    const { name, accessLevel, askPersonalToken } = this.wish();
    this.made.set(await this.api.createRoom({ name: name.trim(), accessLevel, settings: { askPersonalToken } }));
    this.draft.forget();
  }
}
