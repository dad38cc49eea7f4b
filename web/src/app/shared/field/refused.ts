import { Component, input } from '@angular/core';
import { Icon } from '../icon/icon';

/** What the server refused about a form as a whole, above its button; nothing once it is mended. */
@Component({
  selector: 'cv-refused',
  imports: [Icon],
  template: `
    @if (line(); as text) {
      <p class="notice danger" role="alert"><cv-icon name="circle-alert" />{{ text }}</p>
    }
  `,
  styles: `
    :host {
      display: contents;
    }
  `,
})
export class Refused {
  readonly line = input.required<string>();
}
