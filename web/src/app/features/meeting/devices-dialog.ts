import { DIALOG_DATA } from '@angular/cdk/dialog';
import { Component, inject } from '@angular/core';
import { DevicePicker } from '../../shared/device/device-picker';
import { DialogShell } from '../../shared/dialog/dialog-shell';
import type { Dialogs } from '../../shared/dialog/dialogs';
import { DEVICE_HEADS, DeviceLists, NO_DEVICE } from './device-menu';
import type { MeetingRoom } from './meeting-room';

const SORTS = [
  { sort: 'audioinput', icon: 'mic' },
  { sort: 'audiooutput', icon: 'volume-2' },
  { sort: 'videoinput', icon: 'video' },
] as const;

/** Which microphone, speaker and camera: for where the carets beside the buttons have no room. */
@Component({
  selector: 'cv-devices-dialog',
  imports: [DevicePicker, DialogShell],
  template: `
    <cv-dialog-shell i18n-heading="@@meeting.devices" heading="Sound and camera">
      @for (row of sorts; track row.sort) {
        <cv-device-picker
          [label]="heads[row.sort]"
          [icon]="row.icon"
          [none]="none[row.sort]"
          [devices]="devices.of(row.sort)"
          [value]="room.devices()[row.sort]"
          (chosen)="room.useDevice(row.sort, $event)"
        />
      }
    </cv-dialog-shell>
  `,
})
export class DevicesDialog {
  protected readonly room = inject<MeetingRoom>(DIALOG_DATA);
  protected readonly sorts = SORTS;
  protected readonly heads = DEVICE_HEADS;
  protected readonly none = NO_DEVICE;
  protected readonly devices = new DeviceLists(this.room);

  constructor() {
    void this.devices.read(SORTS.map(({ sort }) => sort));
  }
}

export function showDevices(dialogs: Dialogs, room: MeetingRoom): void {
  void dialogs.open(DevicesDialog, { data: room, panelClass: ['cv-dialog', 'narrow'] });
}
