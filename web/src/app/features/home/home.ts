import { Component, computed, inject, signal } from '@angular/core';
import { form, FormField, FormRoot, validate } from '@angular/forms/signals';
import { Router } from '@angular/router';
import { formatCount } from '../../core/format';
import { slugFrom } from '../../core/room-words';
import { Session } from '../../core/session/session';
import { serverDate } from '../../core/time/server-clock';
import { Dialogs } from '../../shared/dialog/dialogs';
import { Icon } from '../../shared/icon/icon';
import { ShowMore } from '../../shared/list/show-more';
import { EmptyState } from '../../shared/states/empty-state';
import { FailedState } from '../../shared/states/failed-state';
import { Page } from '../../shell/page';
import { NewRoomDialog } from '../rooms';
import { greetingFor } from './greeting';
import { MeetingNowCard } from './meeting-now-card';
import { RoomRow } from './room-row';
import { RoomsStore } from './rooms-store';

/** Where one lands: what is going on, one's rooms, the way into another. */
@Component({
  selector: 'cv-home',
  imports: [EmptyState, FailedState, FormField, FormRoot, Icon, MeetingNowCard, Page, RoomRow, ShowMore],
  providers: [RoomsStore],
  templateUrl: './home.html',
  styleUrl: './home.css',
})
export class Home {
  protected readonly store = inject(RoomsStore);
  private readonly session = inject(Session);
  private readonly dialogs = inject(Dialogs);
  private readonly router = inject(Router);
  protected readonly count = formatCount;
  /** What was asked for last; a link that is still being typed is not called wrong. */
  private readonly asked = signal('');
  protected readonly joining = form(
    signal({ room: '' }),
    ({ room }) =>
      validate(room, ({ value }) =>
        slugFrom(value())
          ? undefined
          : { kind: 'slug', message: $localize`:@@home.joinWrong:Paste the whole room link, or the part after /r/.` },
      ),
    { submission: { action: () => this.join(), onInvalid: () => this.asked.set(this.joining.room().value()) } },
  );
  protected readonly joinError = computed(() => {
    const room = this.joining.room();
    return room.touched() && room.value() === this.asked() ? (room.errors()[0]?.message ?? '') : '';
  });

  protected readonly greeting = computed(() =>
    greetingFor(serverDate().getHours(), this.session.me()?.displayName ?? ''),
  );

  protected async newRoom(): Promise<void> {
    await this.dialogs.open(NewRoomDialog, { disableClose: false });
    this.store.reload();
  }

  private async join(): Promise<undefined> {
    await this.router.navigate(['/r', slugFrom(this.joining.room().value())]);
  }
}
