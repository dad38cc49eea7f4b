import { Component, input } from '@angular/core';
import { Icon } from '../icon/icon';
import type { IconName } from '../icon/icons';

/** Says what belongs here, or what went wrong, and offers the one action put inside. Every empty and failed place looks so. */
@Component({
  selector: 'cv-empty-state',
  imports: [Icon],
  template: `
    <span class="badge" [class.warn]="tone() === 'warn'"><cv-icon [name]="icon()" /></span>
    @switch (level()) {
      @case ('1') {
        <h1>{{ heading() }}</h1>
      }
      @case ('2') {
        <h2>{{ heading() }}</h2>
      }
      @default {
        <h3>{{ heading() }}</h3>
      }
    }
    @if (text()) {
      <p class="muted">{{ text() }}</p>
    }
    <div class="act"><ng-content /></div>
  `,
  styles: `
    :host {
      display: grid;
      justify-items: center;
      gap: var(--space-1h);
      padding: var(--space-10) var(--space-6);
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
      margin-bottom: var(--space-2);
    }
    .warn {
      background: var(--warn-soft);
      color: var(--warn);
    }
    :is(h1, h2, h3) {
      font-size: 1rem;
      font-weight: 610;
      letter-spacing: -0.014em;
    }
    p {
      max-width: 42ch;
      font-size: 0.9rem;
    }
    .act {
      margin-top: var(--space-3);
      display: flex;
      flex-wrap: wrap;
      gap: var(--space-2h);
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
  readonly tone = input<'calm' | 'warn'>('calm');
  /** Where the heading stands among those of the page. */
  readonly level = input<'1' | '2' | '3'>('3');
}
