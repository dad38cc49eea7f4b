import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { Component, computed, inject } from '@angular/core';
import { formatCount } from '../../core/format';
import { heldInHand } from '../../core/media/facing';
import { Shortcuts, type ShortcutAction } from '../../core/keys/shortcuts';
import { plural } from '../../core/plural';
import { Dialogs } from '../../shared/dialog/dialogs';
import { Icon } from '../../shared/icon/icon';
import { Roving } from '../../shared/roving/roving';
import { ChatStore } from './chat-store';
import { DeviceMenu } from './device-menu';
import { showDevices } from './devices-dialog';
import { Lobby } from './lobby';
import { MeetingRoom } from './meeting-room';
import { MeetingStore } from './meeting-store';
import { OwnPicture } from './own-picture';
import { showShortcuts } from './shortcuts-dialog';
import { SidePanel } from './side-panel';

/** The bar at the bottom. Its order is the same everywhere: microphone, camera, share | chat, people, files, more | leave. */
@Component({
  selector: 'cv-control-bar',
  imports: [CdkMenu, CdkMenuItem, CdkMenuTrigger, DeviceMenu, Icon, Roving],
  templateUrl: './control-bar.html',
  styleUrl: './control-bar.css',
})
export class ControlBar {
  protected readonly store = inject(MeetingStore);
  protected readonly room = inject(MeetingRoom);
  protected readonly chat = inject(ChatStore);
  protected readonly lobby = inject(Lobby);
  protected readonly side = inject(SidePanel);
  protected readonly own = inject(OwnPicture);
  protected readonly count = formatCount;
  protected readonly keys = inject(Shortcuts);
  private readonly dialogs = inject(Dialogs);
  protected readonly canShare = typeof navigator.mediaDevices?.getDisplayMedia === 'function';
  protected readonly canFullScreen = document.fullscreenEnabled;
  protected readonly chatLabel = computed(() =>
    plural($localize`:@@meeting.chatWithNew:{COUNT, plural, =0 {Chat} other {Chat, # new}}`, this.chat.unread()),
  );
  protected readonly peopleLabel = computed(() =>
    plural(
      $localize`:@@meeting.peopleWithWaiting:{COUNT, plural, =0 {People} other {People, # waiting}}`,
      this.lobby.waiting().length,
    ),
  );
  protected readonly newMessages = computed(() => {
    const count = this.chat.unread();
    return count > 99 ? $localize`:@@meeting.manyNew:99+` : formatCount(count);
  });
  /** Asked for and not there. */
  protected readonly microphoneBlocked = computed(
    () => !this.room.microphoneOn() && this.room.blocked().microphone !== undefined,
  );
  protected readonly cameraBlocked = computed(() => !this.room.cameraOn() && this.room.blocked().camera !== undefined);
  protected readonly microphoneLabel = computed(() => {
    if (this.microphoneBlocked()) return $localize`:@@meeting.microphoneBlocked:Turn microphone on (it is blocked)`;
    return this.room.microphoneOn()
      ? $localize`:@@meeting.microphoneOff:Turn microphone off`
      : $localize`:@@meeting.microphoneOn:Turn microphone on`;
  });
  protected readonly cameraLabel = computed(() => {
    if (this.cameraBlocked()) return $localize`:@@meeting.cameraBlocked:Turn camera on (it is blocked)`;
    return this.room.cameraOn()
      ? $localize`:@@meeting.cameraOff:Turn camera off`
      : $localize`:@@meeting.cameraOn:Turn camera on`;
  });
  protected readonly shareLabel = computed(() =>
    this.room.sharing()
      ? $localize`:@@meeting.stopPresenting:Stop presenting`
      : $localize`:@@meeting.present:Present your screen`,
  );

  /** A hand-held device whose camera can look the other way. */
  protected readonly canFlip = computed(() => this.room.cameraOn() && heldInHand());
  protected readonly ownLabel = computed(() =>
    this.own.hidden()
      ? $localize`:@@meeting.showPicture:Show your picture`
      : $localize`:@@meeting.hidePicture:Hide your picture`,
  );

  /** As assistive technology reads them: joined by plus signs. */
  protected pressable(action: ShortcutAction): string | null {
    return this.keys.hint(action)?.replace(/ /g, '+') ?? null;
  }

  protected openDevices(): void {
    showDevices(this.dialogs, this.room);
  }

  protected async endForAll(): Promise<void> {
    const sure = await this.dialogs.confirm({
      title: $localize`:@@meeting.endForAllTitle:End the meeting for all?`,
      text: $localize`:@@meeting.endForAllText:Everyone is sent out, and the files close. The room stays.`,
      action: $localize`:@@meeting.endForAll:End for all`,
    });
    if (sure) await this.store.endForAll();
  }

  protected fullScreen(): void {
    // Refused outside a click; then nothing changes, which is what one sees.
    const change = document.fullscreenElement
      ? document.exitFullscreen()
      : document.documentElement.requestFullscreen();
    change.catch(() => undefined);
  }

  protected openSettings(): void {
    window.open(`/r/${encodeURIComponent(this.store.slug())}/settings`, '_blank', 'noopener');
  }

  protected help(): void {
    showShortcuts(this.dialogs);
  }
}
