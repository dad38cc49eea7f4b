import { Component, computed, inject, signal } from '@angular/core';
import { Router } from '@angular/router';
import { slugFrom } from '../../core/room-words';
import { Session } from '../../core/session/session';
import { Dialogs } from '../../shared/dialog/dialogs';
import { Icon } from '../../shared/icon/icon';
import { EmptyState } from '../../shared/states/empty-state';
import { FailedState } from '../../shared/states/failed-state';
import { TopBar } from '../../shell/top-bar';
import { NewRoomDialog } from '../rooms';
import { greetingFor, leadFor } from './greeting';
import { MeetingNowCard } from './meeting-now-card';
import { RoomRow } from './room-row';
import { RoomsStore } from './rooms-store';

/** Where one lands: what is going on, one's rooms, the way into another. */
@Component({
  selector: 'cv-home',
  imports: [EmptyState, FailedState, Icon, MeetingNowCard, RoomRow, TopBar],
  providers: [RoomsStore],
  templateUrl: './home.html',
  styleUrl: './home.css',
})
export class Home {
  protected readonly store = inject(RoomsStore);
  protected readonly joinText = signal('');
  protected readonly joinError = signal('');
  private readonly session = inject(Session);
  private readonly dialogs = inject(Dialogs);
  private readonly router = inject(Router);

  protected readonly greeting = computed(() =>
    greetingFor(new Date().getHours(), this.session.me()?.displayName ?? ''),
  );
  protected readonly lead = computed(() => {
    const rooms = this.store.items();
    return rooms ? leadFor(rooms.length, this.store.meetings().length) : '';
  });

  constructor() {
    void this.store.load();
  }

  protected join(): void {
    const slug = slugFrom(this.joinText());
    this.joinError.set(slug ? '' : 'Paste the whole room link, or the part after /r/.');
    if (slug) void this.router.navigate(['/r', slug]);
  }

  protected async newRoom(): Promise<void> {
    await this.dialogs.open(NewRoomDialog, { disableClose: false });
    await this.store.load();
  }
}
