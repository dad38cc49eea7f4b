import { Component, computed, input, output } from '@angular/core';
import { asProblem } from '../../core/api/problem';
import { wordsFor } from '../../core/words';
import { Icon } from '../icon/icon';

/** What happened, what is safe, what to do: for a list or page that could not be loaded. */
@Component({
  selector: 'cv-failed-state',
  imports: [Icon],
  template: `
    <span class="badge"><cv-icon [name]="offline() ? 'wifi-off' : 'triangle-alert'" /></span>
    <h3>{{ words().title }}</h3>
    <p class="muted">{{ words().text }}</p>
    <div class="act">
      <button type="button" class="btn" (click)="retry.emit()"><cv-icon name="refresh-cw" />Try again</button>
      <ng-content />
    </div>
    @if (correlationId(); as id) {
      <p class="trace">Reference for your operator: {{ id }}</p>
    }
  `,
  host: { role: 'alert' },
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
      background: var(--warn-soft);
      color: var(--warn);
      margin-bottom: 8px;
    }
    h3 {
      font-size: 1rem;
    }
    p {
      max-width: 44ch;
      font-size: 0.9rem;
    }
    .act {
      margin-top: 12px;
      display: flex;
      flex-wrap: wrap;
      gap: 10px;
      justify-content: center;
    }
    .trace {
      margin-top: 8px;
      font-size: var(--text-xs);
      color: var(--ink-2);
    }
  `,
})
export class FailedState {
  readonly error = input.required<unknown>();
  readonly retry = output();
  protected readonly words = computed(() => wordsFor(this.error()));
  protected readonly offline = computed(() => asProblem(this.error()).offline);
  protected readonly correlationId = computed(() => asProblem(this.error()).correlationId);
}
