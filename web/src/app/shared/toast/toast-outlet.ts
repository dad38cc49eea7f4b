import { Component, inject } from '@angular/core';
import { Icon } from '../icon/icon';
import { Steady } from '../steady/steady';
import { Toasts } from './toasts';

/** Where toasts appear; one in the app. */
@Component({
  selector: 'cv-toast-outlet',
  imports: [Icon, Steady],
  template: `
    <div cvSteady class="stack" role="status" aria-live="polite">
      @for (toast of toasts.list(); track toast.id) {
        <div class="toast" [class.error]="toast.kind === 'error'">
          @if (toast.kind === 'error') {
            <cv-icon name="circle-alert" />
          }
          <span>{{ toast.text }}</span>
          @for (action of toast.actions; track action.label) {
            <button type="button" class="act" (click)="toasts.dismiss(toast.id); action.run()">
              {{ action.label }}
            </button>
          }
          <button
            type="button"
            class="icon-btn"
            aria-label="Dismiss"
            i18n-aria-label="@@shared.dismiss"
            (click)="toasts.dismiss(toast.id)"
          >
            <cv-icon class="small" name="x" />
          </button>
        </div>
      }
    </div>
  `,
  styles: `
    .stack {
      position: fixed;
      z-index: 1100;
      inset: auto var(--space-4) calc(104px + env(safe-area-inset-bottom));
      display: grid;
      gap: var(--space-2);
      justify-items: center;
      pointer-events: none;
    }
    .toast {
      pointer-events: auto;
      display: flex;
      gap: var(--space-2h);
      align-items: center;
      max-width: 480px;
      padding-block: var(--space-1);
      padding-inline: var(--space-4) var(--space-1);
      border-radius: var(--radius-m);
      background: oklch(0.27 0.02 265);
      color: oklch(0.97 0.005 265);
      border: 1px solid oklch(0.38 0.02 265);
      box-shadow: var(--shadow-2);
      font-size: 0.9rem;
      line-height: 1.4;
      animation: arrive var(--calm) var(--ease);
    }
    .toast span {
      padding: var(--space-2) 0;
    }
    .error > cv-icon {
      color: oklch(0.76 0.14 27);
    }
    .act {
      min-height: 44px;
      padding: 0 var(--space-2h);
      border: 1px solid oklch(0.48 0.02 265);
      border-radius: var(--radius-s);
      background: none;
      color: inherit;
      font-weight: 600;
      white-space: nowrap;
    }
    .act:hover {
      background: oklch(0.35 0.02 265);
    }
    .icon-btn {
      color: inherit;
    }
    .icon-btn:hover {
      background: oklch(0.35 0.02 265);
      color: inherit;
    }
  `,
})
export class ToastOutlet {
  protected readonly toasts = inject(Toasts);
}
