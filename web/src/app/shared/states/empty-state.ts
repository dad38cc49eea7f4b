import { afterNextRender, Component, DOCUMENT, ElementRef, inject, input } from '@angular/core';
import { Icon } from '../icon/icon';
import type { IconName } from '../icon/icons';

/**
 * Says what belongs here, what went wrong or how it ended, and offers what can be done, put inside. Every empty and failed place
 * looks so, and larger every page that says an end or an error (level 1, mostly in cv-outcome-page): that one also takes the focus
 * which the page before has lost.
 */
@Component({
  selector: 'cv-empty-state',
  // No class: the page around would style it by a class of the same name.
  host: { '[attr.data-level]': 'level()' },
  imports: [Icon],
  template: `
    <span class="badge" [class.warn]="tone() === 'warn'"><cv-icon [name]="icon()" /></span>
    @switch (level()) {
      @case ('1') {
        <h1 tabindex="-1">{{ heading() }}</h1>
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
    :host([data-level='1']) {
      gap: var(--space-2);
    }
    :host([data-level='1']) .badge {
      width: 56px;
      height: 56px;
      border-radius: 18px;
      margin-bottom: var(--space-3);
    }
    :host([data-level='1']) h1 {
      font-size: 1.75rem;
      font-weight: 620;
      letter-spacing: -0.022em;
    }
    :host([data-level='1']) p {
      max-width: 46ch;
      font-size: var(--text-md);
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

  constructor() {
    const element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    const document = inject(DOCUMENT);
    afterNextRender(() => {
      const { activeElement, body } = document;
      if (activeElement === body || activeElement === null) element.querySelector('h1')?.focus();
    });
  }
}
