import { Component } from '@angular/core';

/** The mark: a C that closes around a keyhole. */
@Component({
  selector: 'cv-mark',
  template: `<svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <path
      d="M16 2a14 14 0 1 0 0 28 14 14 0 0 0 9.2-3.4L20.6 21A7 7 0 1 1 20.6 11l4.6-5.6A14 14 0 0 0 16 2Z"
      fill="currentColor"
    />
    <g class="key">
      <circle cx="16" cy="14.6" r="2.6" />
      <path d="M14.9 16h2.2l1 4.6h-4.2z" />
    </g>
  </svg>`,
  styles: `
    :host {
      display: inline-grid;
      width: 28px;
      height: 28px;
      flex: none;
    }
    .key {
      fill: var(--sealed);
    }
  `,
})
export class Mark {}
