import { Component, computed, effect, inject, input, linkedSignal, signal, untracked } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { Api } from '../../core/api/api';
import type { AccessLevel, NewRoom } from '../../core/api/types';
import { roomLink } from '../../core/room-words';
import { lineFor } from '../../core/words';
import { CopyButton } from '../../shared/copy/copy-button';
import { Dialogs } from '../../shared/dialog/dialogs';
import { Field, FieldInput } from '../../shared/field/field';
import { Icon } from '../../shared/icon/icon';
import { FailedState } from '../../shared/states/failed-state';
import { loaded } from '../../shared/states/resource';
import { Toasts } from '../../shared/toast/toasts';
import { TopBar } from '../../shell/top-bar';
import { AccessCodeSection } from './access-code-section';
import { AccessLevelChoice } from './access-level-choice';
import { Invitations } from './invitations';

/** Everything a host decides about a room. */
@Component({
  selector: 'cv-room-settings',
  imports: [
    AccessCodeSection,
    AccessLevelChoice,
    CopyButton,
    FailedState,
    Field,
    FieldInput,
    Icon,
    Invitations,
    RouterLink,
    TopBar,
  ],
  templateUrl: './room-settings.html',
  styleUrl: './room-settings.css',
})
export class RoomSettings {
  readonly slug = input.required<string>();
  protected readonly room = loaded(() => this.api.room(this.slug()));
  protected readonly owns = computed(() => this.room.value()?.role === 'owner');
  protected readonly name = linkedSignal(() => this.room.value()?.name ?? '');
  protected readonly accessLevel = linkedSignal<AccessLevel>(() => this.room.value()?.accessLevel ?? 'invited');
  protected readonly nameError = signal('');
  protected readonly busy = signal(false);
  protected readonly link = computed(() => roomLink(this.slug()));
  private readonly api = inject(Api);
  private readonly dialogs = inject(Dialogs);
  private readonly router = inject(Router);
  private readonly toasts = inject(Toasts);

  constructor() {
    effect(() => {
      this.slug();
      untracked(() => void this.room.load());
    });
  }

  protected async rename(): Promise<void> {
    const name = this.name().trim();
    this.nameError.set(name ? '' : 'Give the room a name.');
    if (!name) return;
    await this.change({ name }, 'The name is saved.');
  }

  protected changeLevel(accessLevel: AccessLevel): Promise<void> {
    return this.change({ accessLevel }, 'Saved. It holds for everyone who comes to the door from now on.');
  }

  protected changeToken(askPersonalToken: boolean): Promise<void> {
    return this.change(
      { settings: { askPersonalToken } },
      askPersonalToken
        ? 'The door asks for the personal token now.'
        : 'The door no longer asks for the personal token.',
    );
  }

  protected async deleteRoom(): Promise<void> {
    const room = this.room.value();
    if (!room) return;
    const sure = await this.dialogs.confirm({
      title: 'Delete this room?',
      text: 'Its files are shredded and its messages become unreadable, for everyone and for good. People inside are sent out.',
      action: 'Delete room',
      typeToConfirm: room.name,
    });
    if (!sure) return;
    try {
      await this.api.deleteRoom(room.slug);
      this.toasts.say('The room is deleted and its files are shredded.');
      await this.router.navigateByUrl('/');
    } catch (error) {
      this.toasts.fail(error);
    }
  }

  private async change(body: Partial<NewRoom>, done: string): Promise<void> {
    this.busy.set(true);
    try {
      this.room.set(await this.api.changeRoom(this.slug(), body));
      this.toasts.say(done);
    } catch (error) {
      if (body.name) this.nameError.set(lineFor(error));
      else this.toasts.fail(error);
      await this.room.load();
    } finally {
      this.busy.set(false);
    }
  }
}
