import { DialogRef } from '@angular/cdk/dialog';
import { Component, computed, inject, signal } from '@angular/core';
import { Router } from '@angular/router';
import { Api } from '../../core/api/api';
import type { AccessLevel, CreatedRoom } from '../../core/api/types';
import { roomLink } from '../../core/room-words';
import { lineFor } from '../../core/words';
import { CopyButton } from '../../shared/copy/copy-button';
import { DialogShell } from '../../shared/dialog/dialog-shell';
import { Dialogs } from '../../shared/dialog/dialogs';
import { Field, FieldInput } from '../../shared/field/field';
import { Icon } from '../../shared/icon/icon';
import { AccessLevelChoice } from './access-level-choice';
import { InviteDialog } from './invite-dialog';

/** Makes a room, then shows its link and its access code. */
@Component({
  selector: 'cv-new-room-dialog',
  imports: [AccessLevelChoice, CopyButton, DialogShell, Field, FieldInput, Icon],
  template: `
    @if (made(); as room) {
      <cv-dialog-shell heading="The room is ready">
        <p class="muted" dir="auto">“{{ room.name }}” stays until you delete it.</p>
        @if (room.accessCode && usesCode()) {
          <div class="given">
            <b>Access code</b>
            <div class="line">
              <code class="code-box" aria-label="Access code">{{ room.accessCode }}</code><cv-copy-button
                [text]="room.accessCode"
                name="Copy access code"
                i18n-name="@@rooms.copy.code"
              />
            </div>
            <small class="muted"
              >Give it to the people you invite, not in the same message as the link. You can read it again in the
              room’s settings.</small
            >
          </div>
        }
        <div class="given">
          <b>Room link</b>
          <div class="line">
            <code class="code-box" aria-label="Room link">{{ link() }}</code><cv-copy-button
              [text]="link()"
              name="Copy room link"
              i18n-name="@@rooms.copy.link"
            />
          </div>
          <small class="muted">{{ linkWords() }}</small>
        </div>
        <ng-container cvActions>
          <button class="btn" type="button" (click)="invite(room)"><cv-icon name="user-plus" />Invite someone</button>
          <button class="btn primary" type="button" (click)="enter(room)">Enter the room</button>
        </ng-container>
      </cv-dialog-shell>
    } @else {
      <form (submit)="$event.preventDefault(); create()" novalidate>
        <cv-dialog-shell heading="New room">
          <cv-field label="Name" [error]="nameError()">
            <input
              cvInput
              cdkFocusInitial
              name="room-name"
              autocomplete="off"
              maxlength="120"
              dir="auto"
              placeholder="Board review"
              [value]="name()"
              (input)="name.set($any($event.target).value)"
            />
          </cv-field>
          <cv-access-level-choice [(value)]="accessLevel" />
          <label class="check">
            <input type="checkbox" [checked]="askToken()" (change)="askToken.set($any($event.target).checked)" />
            <span
              ><b>Ask for the personal token at the door</b
              ><small class="muted">A second proof that each person is who they are.</small></span
            >
          </label>
          @if (failure(); as text) {
            <p class="notice danger" role="alert"><cv-icon name="circle-alert" />{{ text }}</p>
          }
          <ng-container cvActions>
            <button class="btn quiet" type="button" (click)="ref.close()">Cancel</button>
            <button class="btn primary" type="submit" [disabled]="busy()">
              {{ busy() ? 'Making the room…' : 'Make room' }}
            </button>
          </ng-container>
        </cv-dialog-shell>
      </form>
    }
  `,
  styles: `
    form {
      display: flex;
      flex-direction: column;
      min-height: 0;
      flex: 1;
    }
    .check b {
      display: block;
      font-weight: 560;
      line-height: 1.35;
    }
    small {
      font-size: var(--text-sm);
      line-height: 1.4;
      display: block;
    }
    .given {
      display: grid;
      gap: 6px;
    }
    .given b {
      font-size: var(--text-sm);
      font-weight: 560;
    }
    .line {
      display: grid;
      grid-template-columns: 1fr auto;
      gap: 8px;
    }
    .code-box {
      padding: 8px 14px;
    }
  `,
})
export class NewRoomDialog {
  protected readonly ref = inject<DialogRef<CreatedRoom>>(DialogRef);
  protected readonly name = signal('');
  protected readonly accessLevel = signal<AccessLevel>('invited');
  protected readonly askToken = signal(false);
  protected readonly nameError = signal('');
  protected readonly failure = signal('');
  protected readonly busy = signal(false);
  protected readonly made = signal<CreatedRoom | null>(null);
  protected readonly link = computed(() => roomLink(this.made()?.slug ?? ''));
  protected readonly usesCode = computed(() => ['code', 'invited_and_code'].includes(this.accessLevel()));
  protected readonly linkWords = computed(() =>
    this.accessLevel() === 'organisation'
      ? 'Everyone with an account here may enter with it.'
      : 'It names the room and opens nothing by itself.',
  );
  private readonly api = inject(Api);
  private readonly dialogs = inject(Dialogs);
  private readonly router = inject(Router);

  protected async create(): Promise<void> {
    const name = this.name().trim();
    this.nameError.set(name ? '' : 'Give the room a name.');
    if (!name || this.busy()) return;
    this.busy.set(true);
    this.failure.set('');
    try {
      const settings = { askPersonalToken: this.askToken() };
      this.made.set(await this.api.createRoom({ name, accessLevel: this.accessLevel(), settings }));
    } catch (error) {
      this.failure.set(lineFor(error));
    } finally {
      this.busy.set(false);
    }
  }

  protected enter(room: CreatedRoom): void {
    this.ref.close(room);
    void this.router.navigate(['/r', room.slug]);
  }

  protected invite(room: CreatedRoom): void {
    this.ref.close(room);
    void this.dialogs.open(InviteDialog, { data: { slug: room.slug, roomName: room.name } });
  }
}
