import { Component, input, output } from '@angular/core';
import { formatCount } from '../../core/format';
import { Icon } from '../icon/icon';
import type { IconName } from '../icon/icons';

/** A native select, so that every platform offers its own best list. */
@Component({
  selector: 'cv-device-picker',
  imports: [Icon],
  template: `
    <cv-icon [name]="icon()" />
    <select
      [attr.aria-label]="label()"
      [disabled]="devices().length === 0"
      (change)="chosen.emit($any($event.target).value)"
    >
      @for (device of devices(); track device.deviceId) {
        <option [value]="device.deviceId" [selected]="device.deviceId === value()">
          {{ device.label || nameless($index + 1) }}
        </option>
      } @empty {
        <option>{{ none() }}</option>
      }
    </select>
    <cv-icon class="small" name="chevron-down" />
  `,
  styles: `
    :host {
      position: relative;
      display: grid;
      align-items: center;
      min-width: 0;
    }
    cv-icon {
      position: absolute;
      inset-inline-start: 12px;
      --icon-size: 17px;
      color: var(--ink-2);
      pointer-events: none;
      z-index: 1;
    }
    cv-icon.small {
      inset-inline: auto 12px;
    }
    select {
      appearance: none;
      width: 100%;
      height: 44px;
      padding-block: 0;
      padding-inline: var(--space-10) var(--space-8);
      border: 1px solid var(--line);
      border-radius: var(--radius-m);
      background: var(--surface);
      font-size: var(--text-sm);
      font-weight: 500;
      text-overflow: ellipsis;
      cursor: pointer;
    }
    select:hover:not(:disabled) {
      background: var(--sunken);
    }
    select:disabled {
      color: var(--ink-2);
      cursor: default;
    }
  `,
})
export class DevicePicker {
  readonly label = input.required<string>();
  readonly icon = input.required<IconName>();
  readonly devices = input.required<readonly MediaDeviceInfo[]>();
  readonly value = input('');
  readonly none = input.required<string>();
  readonly chosen = output<string>();

  /** A browser may keep a device's name to itself: Camera 2. */
  protected nameless(number: number): string {
    return $localize`:@@door.nameless:${this.label()}:KIND: ${formatCount(number)}:NUMBER:`;
  }
}
