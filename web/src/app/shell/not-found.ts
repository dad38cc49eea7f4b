import { Component } from '@angular/core';
import { RouterLink } from '@angular/router';
import { EmptyState } from '../shared/states/empty-state';
import { OutcomePage } from './outcome-page';

@Component({
  selector: 'cv-not-found',
  imports: [EmptyState, OutcomePage, RouterLink],
  template: `
    <cv-outcome-page>
      <cv-empty-state
        level="1"
        heading="There is nothing here"
        i18n-heading="@@notFound.heading"
        text="The address leads nowhere. Check it with the person who sent it."
        i18n-text="@@notFound.text"
      >
        <a class="btn" routerLink="/" i18n="@@shell.toRooms">Go to your rooms</a>
      </cv-empty-state>
    </cv-outcome-page>
  `,
})
export class NotFound {}
