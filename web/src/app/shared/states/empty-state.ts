import { Component, input } from '@angular/core';
import { Icon } from '../icon/icon';
import type { IconName } from '../icon/icons';

/** Says what belongs here, and offers the one action put inside. */
@Component({
  selector: 'cv-empty-state',
  imports: [Icon],
  template: `
    <span class="badge"><cv-icon [name]="icon()" /></span>
    <h3>{{ heading() }}</h3>
    @if (text()) {
      <p class="muted">{{ text() }}</p>
    }
    <div class="act"><ng-content /></div>
  `,
  styles: `
    :host {
      display: grid;
      justify-items: center;
      gap: 6px;
      padding: 40px 24px;
      text-align: center;
    }
    .badge {
      display: grid;
      place-items: center;
      width: 48px;
      height: 48px;
      border-radius: 15px;
      background: var(--sunken);
      color: var(--ink-2);
      margin-bottom: 8px;
    }
    h3 {
      font-size: 1rem;
    }
    p {
      max-width: 40ch;
      font-size: 0.9rem;
    }
    .act {
      margin-top: 12px;
      display: flex;
      flex-wrap: wrap;
      gap: 10px;
      justify-content: center;
    }
    .act:empty {
      display: none;
    }
  `,
})
export class EmptyState {
  readonly icon = input<IconName>('info');
  readonly heading = input.required<string>();
  readonly text = input('');
}
