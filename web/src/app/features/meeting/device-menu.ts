import { CdkMenu, CdkMenuItemRadio, CdkMenuTrigger } from '@angular/cdk/menu';
import { Component, inject, input, signal } from '@angular/core';
import { Icon } from '../../shared/icon/icon';
import { MeetingRoom, type DeviceSort } from './meeting-room';

export const DEVICE_HEADS: Record<DeviceSort, string> = {
  audioinput: $localize`:@@meeting.microphone:Microphone`,
  videoinput: $localize`:@@meeting.camera:Camera`,
  audiooutput: $localize`:@@meeting.speaker:Speaker`,
};
/** What stands where the browser names no device. Many let nobody but the system choose a speaker. */
export const NO_DEVICE: Record<DeviceSort, string> = {
  audioinput: $localize`:@@meeting.noDevice:None found`,
  videoinput: $localize`:@@meeting.noDevice:None found`,
  audiooutput: $localize`:@@meeting.systemDevice:Chosen by the system`,
};

/** The devices that one may choose from, by what they are for. */
export class DeviceLists {
  private readonly lists = signal<Partial<Record<DeviceSort, readonly MediaDeviceInfo[]>>>({});

  constructor(private readonly room: MeetingRoom) {}

  of(sort: DeviceSort): readonly MediaDeviceInfo[] {
    return this.lists()[sort] ?? [];
  }

  async read(sorts: readonly DeviceSort[]): Promise<void> {
    for (const sort of sorts) {
      const devices = await this.room.listDevices(sort);
      this.lists.update((lists) => ({ ...lists, [sort]: devices }));
    }
  }
}

/** The caret beside a toggle: which device it means. */
@Component({
  selector: 'cv-device-menu',
  imports: [CdkMenu, CdkMenuItemRadio, CdkMenuTrigger, Icon],
  template: `
    <button
      type="button"
      class="caret"
      [cdkMenuTriggerFor]="menu"
      [attr.aria-label]="label()"
      (cdkMenuOpened)="devices.read(sorts())"
    >
      <cv-icon class="small" name="chevron-down" />
    </button>
    <ng-template #menu>
      <div class="cv-menu" cdkMenu [attr.aria-label]="label()">
        @for (sort of sorts(); track sort) {
          <div class="head">{{ heads[sort] }}</div>
          @for (device of devices.of(sort); track device.deviceId) {
            <button
              class="item"
              type="button"
              cdkMenuItemRadio
              [cdkMenuItemChecked]="room.devices()[sort] === device.deviceId"
              (cdkMenuItemTriggered)="room.useDevice(sort, device.deviceId)"
            >
              <span>{{ device.label || heads[sort] }}</span>
              @if (room.devices()[sort] === device.deviceId) {
                <cv-icon class="small" name="check" />
              }
            </button>
          } @empty {
            <div class="head">{{ none[sort] }}</div>
          }
        }
      </div>
    </ng-template>
  `,
  styles: `
    :host {
      display: contents;
    }
    .caret {
      width: 36px;
      height: 100%;
      border: 0;
      padding: 0;
      background: none;
      color: inherit;
      display: grid;
      place-items: center;
      cursor: pointer;
      border-start-end-radius: 15px;
      border-end-end-radius: 15px;
      opacity: 0.8;
    }
    .caret:hover {
      opacity: 1;
      background: oklch(1 0 0 / 0.07);
    }
  `,
})
export class DeviceMenu {
  readonly label = input.required<string>();
  readonly sorts = input.required<readonly DeviceSort[]>();
  protected readonly room = inject(MeetingRoom);
  protected readonly heads = DEVICE_HEADS;
  protected readonly none = NO_DEVICE;
  protected readonly devices = new DeviceLists(this.room);
}
