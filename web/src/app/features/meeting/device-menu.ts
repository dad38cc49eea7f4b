import { CdkMenu, CdkMenuItemRadio, CdkMenuTrigger } from '@angular/cdk/menu';
import { Component, inject, input, signal } from '@angular/core';
import { Icon } from '../../shared/icon/icon';
import { MeetingRoom, type DeviceSort } from './meeting-room';

const HEADS: Record<DeviceSort, string> = { audioinput: 'Microphone', videoinput: 'Camera', audiooutput: 'Speaker' };

/** The caret beside a toggle: which device it means. */
@Component({
  selector: 'cv-device-menu',
  imports: [CdkMenu, CdkMenuItemRadio, CdkMenuTrigger, Icon],
  template: `
    <button type="button" class="caret" [cdkMenuTriggerFor]="menu" [attr.aria-label]="label()" (cdkMenuOpened)="load()">
      <cv-icon class="small" name="chevron-down" />
    </button>
    <ng-template #menu>
      <div class="cv-menu" cdkMenu [attr.aria-label]="label()">
        @for (sort of sorts(); track sort) {
          <div class="head">{{ heads[sort] }}</div>
          @for (device of lists()[sort] ?? []; track device.deviceId) {
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
            <div class="head">{{ sort === 'audiooutput' ? 'Chosen by the system' : 'None found' }}</div>
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
      border-radius: 0 15px 15px 0;
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
  protected readonly heads = HEADS;
  protected readonly lists = signal<Partial<Record<DeviceSort, readonly MediaDeviceInfo[]>>>({});

  protected async load(): Promise<void> {
    for (const sort of this.sorts()) {
      const devices = await this.room.listDevices(sort);
      this.lists.update((lists) => ({ ...lists, [sort]: devices }));
    }
  }
}
