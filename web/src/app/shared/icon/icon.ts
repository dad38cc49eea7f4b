import { Component, computed, input } from '@angular/core';
import { ICONS, type IconName } from './icons';

/** A lucide icon. Decoration only: the control around it carries the name. */
@Component({
  selector: 'cv-icon',
  template: `<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    @for (path of paths(); track $index) {
      <path [attr.d]="path" />
    }
  </svg>`,
  styles: `
    :host {
      display: inline-grid;
      flex: none;
      width: var(--icon-size, 20px);
      height: var(--icon-size, 20px);
    }
    svg {
      width: 100%;
      height: 100%;
      stroke: currentColor;
      fill: none;
      stroke-width: 1.75;
      stroke-linecap: round;
      stroke-linejoin: round;
    }
    :host(.small) {
      --icon-size: 15px;
    }
    :host(.small) svg {
      stroke-width: 2;
    }
    /* Points along the line of reading, so it turns round with it. */
    :host(.along):dir(rtl) {
      transform: scaleX(-1);
    }
    :host(.turning) {
      animation: turn 0.9s linear infinite;
    }
  `,
})
export class Icon {
  readonly name = input.required<IconName>();
  protected readonly paths = computed<readonly string[]>(() => ICONS[this.name()]);
}
