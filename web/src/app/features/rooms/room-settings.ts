import { Component, computed, inject, input, linkedSignal, resource } from '@angular/core';
import { apply, disabled, form, submit } from '@angular/forms/signals';
import { Router, RouterLink } from '@angular/router';
import { Api, type AccessLevel, type ChangeRoomBody, type Permission } from '../../core/api/api';
import { roomLink } from '../../core/room-words';
import { CopyButton } from '../../shared/copy/copy-button';
import { Dialogs } from '../../shared/dialog/dialogs';
import { FORM_PARTS } from '../../shared/field/form-parts';
import { Refusal } from '../../shared/field/refusal';
import { Icon } from '../../shared/icon/icon';
import { FailedState } from '../../shared/states/failed-state';
import { latest } from '../../shared/states/latest';
import { Toasts } from '../../shared/toast/toasts';
import { Page } from '../../shell/page';
import { AccessCodeSection } from './access-code-section';
import { AccessLevelChoice } from './access-level-choice';
import { Invitations } from './invitations';
import { roomName } from './room-name';

/** Everything a host decides about a room. */
@Component({
  selector: 'cv-room-settings',
  imports: [
    ...FORM_PARTS,
    AccessCodeSection,
    AccessLevelChoice,
    CopyButton,
    FailedState,
    Icon,
    Invitations,
    Page,
    RouterLink,
  ],
  templateUrl: './room-settings.html',
  styleUrl: './room-settings.css',
})
export class RoomSettings {
  readonly slug = input.required<string>();
  private readonly api = inject(Api);
  private readonly dialogs = inject(Dialogs);
  private readonly router = inject(Router);
  private readonly toasts = inject(Toasts);
  protected readonly answer = resource({ params: () => this.slug(), loader: ({ params }) => this.api.room(params) });
  protected readonly room = latest(this.answer);
  protected readonly link = computed(() => roomLink(this.slug()));

  private readonly savedName = computed(() => this.room()?.name ?? '');
  private readonly nameModel = linkedSignal(() => ({ name: this.savedName() }));
  protected readonly nameRefusal = new Refusal(this.nameModel);
  /** Saved by its button. A change of the door does not take away what is being typed here. */
  protected readonly naming = form(
    this.nameModel,
    ({ name }) => {
      apply(name, roomName);
      disabled(name, () => !this.may('room.update'));
    },
    { name: 'room', submission: { action: () => this.nameRefusal.of(() => this.rename()) } },
  );
  protected readonly renamed = computed(() => this.naming.name().value().trim() !== this.savedName());

  private readonly savedDoor = computed(() => ({
    accessLevel: this.room()?.accessLevel ?? ('invited' as AccessLevel),
    askPersonalToken: this.room()?.settings.askPersonalToken ?? false,
  }));
  private readonly doorModel = linkedSignal(() => this.savedDoor());
  /** Each choice is saved when it is made. */
  protected readonly door = form(
    this.doorModel,
    (path) => disabled(path, ({ state }) => !this.may('room.update') || state.submitting()),
    { name: 'door' },
  );

  protected may(permission: Permission): boolean {
    return this.room()?.can.includes(permission) ?? false;
  }

  protected async changeNewcomers(wait: boolean): Promise<void> {
    try {
      await this.api.setNewcomersWait(this.slug(), { wait });
      this.toasts.say(
        wait
          ? $localize`:@@rooms.newcomersWaitSaved:Saved. Whoever is new waits from now on.`
          : $localize`:@@rooms.newcomersComeIn:Saved. Whoever is new comes in as the room allows.`,
      );
    } catch (error) {
      this.toasts.fail(error);
    }
    this.answer.reload();
  }

  protected changeLevel(accessLevel: AccessLevel): Promise<void> {
    return this.changeDoor(
      { accessLevel },
      $localize`:@@rooms.levelSaved:Saved. It holds for everyone who comes to the door from now on.`,
    );
  }

  protected changeToken(askPersonalToken: boolean): Promise<void> {
    return this.changeDoor(
      { settings: { askPersonalToken } },
      askPersonalToken
        ? $localize`:@@rooms.tokenAsked:The door asks for the personal token now.`
        : $localize`:@@rooms.tokenNotAsked:The door no longer asks for the personal token.`,
    );
  }

  protected async deleteRoom(): Promise<void> {
    const room = this.room();
    if (!room) return;
    const sure = await this.dialogs.confirm({
      title: $localize`:@@rooms.deleteTitle:Delete this room?`,
      text: $localize`:@@rooms.deleteText:Its files are shredded and its messages become unreadable, for everyone and for good. People inside are sent out.`,
      action: $localize`:@@rooms.delete:Delete room`,
      typeToConfirm: room.name,
    });
    if (!sure) return;
    try {
      await this.api.deleteRoom(room.slug);
      this.toasts.say($localize`:@@rooms.deleted:The room is deleted and its files are shredded.`);
      await this.router.navigateByUrl('/');
    } catch (error) {
      this.toasts.fail(error);
    }
  }

  private async rename(): Promise<void> {
    await this.change({ name: this.naming.name().value().trim() });
    this.toasts.say($localize`:@@rooms.nameSaved:The name is saved.`);
  }

  private async changeDoor(body: ChangeRoomBody, done: string): Promise<void> {
    await submit(this.door, async () => {
      try {
        await this.change(body);
        this.toasts.say(done);
      } catch (error) {
        this.toasts.fail(error);
        // Whether the choice was taken before the answer was lost, only the room knows.
        this.door().reset(this.savedDoor());
        this.answer.reload();
      }
    });
  }

  private async change(body: ChangeRoomBody): Promise<void> {
    this.answer.set(await this.api.changeRoom(this.slug(), body));
  }
}
