import { Component, computed, effect, inject, input, output } from '@angular/core';
import { asProblem, tryingAgainHelps } from '../../core/api/problem';
import { Network } from '../../core/device/network';
import { wordsFor } from '../../core/words';
import { Icon } from '../icon/icon';
import { EmptyState } from './empty-state';

/** What happened, what is safe, what to do: for a list or page that could not be loaded. */
@Component({
  selector: 'cv-failed-state',
  imports: [EmptyState, Icon],
  template: `
    <cv-empty-state
      tone="warn"
      [icon]="problem().offline ? 'wifi-off' : 'triangle-alert'"
      [heading]="words().title"
      [text]="words().text"
      [level]="level()"
    >
      @if (mayTryAgain()) {
        <button type="button" class="btn" (click)="retry.emit()">
          <cv-icon name="refresh-cw" /><span i18n="@@shared.tryAgain">Try again</span>
        </button>
      }
      <ng-content />
    </cv-empty-state>
    @if (problem().correlationId; as id) {
      <p class="trace" i18n="@@shared.reference">Reference for your operator: {{ id }}</p>
    }
  `,
  host: { role: 'alert' },
  styles: `
    :host {
      display: block;
      text-align: center;
    }
    .trace {
      padding: 0 var(--space-6) var(--space-6);
      font-size: var(--text-xs);
      color: var(--ink-2);
    }
  `,
})
export class FailedState {
  readonly error = input.required<unknown>();
  readonly level = input<'1' | '2' | '3'>('3');
  readonly retry = output();
  protected readonly words = computed(() => wordsFor(this.error()));
  protected readonly mayTryAgain = computed(() => tryingAgainHelps(this.error()));
  protected readonly problem = computed(() => asProblem(this.error()));

  constructor() {
    const { online } = inject(Network);
    let wasOffline = false;
    // What only the network has kept away comes by itself once there is one again.
    effect(() => {
      if (online() && wasOffline && this.problem().offline) this.retry.emit();
      wasOffline = !online();
    });
  }
}
