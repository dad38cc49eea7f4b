import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { Component, computed, inject, input, output } from '@angular/core';
import { Icon } from '../../shared/icon/icon';
import { DeviceMenu } from './device-menu';
import { MeetingRoom } from './meeting-room';

export type Panel = 'chat' | 'people' | 'files' | 'promise';

/** The bar at the bottom. Its order is the same everywhere: microphone, camera, share | chat, people, files, more | leave. */
@Component({
  selector: 'cv-control-bar',
  imports: [CdkMenu, CdkMenuItem, CdkMenuTrigger, DeviceMenu, Icon],
  templateUrl: './control-bar.html',
  styleUrl: './control-bar.css',
})
export class ControlBar {
  readonly panel = input<Panel | null>(null);
  readonly unread = input(0);
  readonly isHost = input(false);
  readonly toggled = output<Panel>();
  readonly leave = output();
  readonly endForAll = output();
  readonly shortcuts = output();
  readonly settings = output();
  protected readonly room = inject(MeetingRoom);
  protected readonly canShare = typeof navigator.mediaDevices?.getDisplayMedia === 'function';
  protected readonly canFullScreen = document.fullscreenEnabled;
  protected readonly chatLabel = computed(() => (this.unread() > 0 ? `Chat, ${this.unread()} new` : 'Chat'));

  protected fullScreen(): void {
    // Refused outside a click; then nothing changes, which is what one sees.
    const change = document.fullscreenElement
      ? document.exitFullscreen()
      : document.documentElement.requestFullscreen();
    change.catch(() => undefined);
  }
}
