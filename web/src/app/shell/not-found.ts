import { Component } from '@angular/core';
import { RouterLink } from '@angular/router';
import { EmptyState } from '../shared/states/empty-state';
import { TopBar } from './top-bar';

@Component({
  selector: 'cv-not-found',
  imports: [EmptyState, RouterLink, TopBar],
  template: `
    <cv-top-bar />
    <main>
      <cv-empty-state
        heading="There is nothing here"
        text="The address leads nowhere. Check it with the person who sent it."
      >
        <a class="btn" routerLink="/">Go to your rooms</a>
      </cv-empty-state>
    </main>
  `,
  styles: `
    main {
      padding-top: 10vh;
    }
  `,
})
export class NotFound {}
