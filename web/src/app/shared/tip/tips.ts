import { Component, DOCUMENT, inject, signal } from '@angular/core';

interface Tip {
  readonly text: string;
  readonly keys: string;
  readonly along: number;
  readonly down: number;
  readonly below: boolean;
}

const WAIT_MS = 450;
/** From the edges of the window, to the middle of the tip: half of what it is at its widest. */
const HALF_PX = 110;

/**
 * The name of every button that shows only an icon, with its shortcut, for whoever points at it or reaches it by keyboard. One for
 * the whole app: what has a label has a tip. Assistive technology has the label already.
 */
@Component({
  selector: 'cv-tips',
  template: `
    @if (tip(); as shown) {
      <span
        class="tip"
        aria-hidden="true"
        [class.below]="shown.below"
        [style.--along.px]="shown.along"
        [style.--down.px]="shown.down"
        ><bdi>{{ shown.text }}</bdi>
        @if (shown.keys) {
          <kbd
            ><bdi>{{ shown.keys }}</bdi></kbd
          >
        }
      </span>
    }
  `,
  styles: `
    .tip {
      position: fixed;
      z-index: 1300;
      inset-block-start: var(--down);
      /* A place on the screen, whichever way one reads. */
      translate: calc(var(--along) - 50%) -100%;
      inset-inline: 0 auto;
      max-width: 220px;
      padding: var(--space-1) var(--space-2h);
      border-radius: var(--radius-s);
      background: oklch(0.27 0.02 265);
      color: oklch(0.97 0.005 265);
      border: 1px solid oklch(0.38 0.02 265);
      font-size: var(--text-xs);
      font-weight: 530;
      pointer-events: none;
    }
    .tip.below {
      translate: calc(var(--along) - 50%) 0;
    }
    :host-context([dir='rtl']) .tip {
      inset-inline: auto 0;
    }
    kbd {
      margin-inline-start: var(--space-1h);
      font: 500 var(--text-xs) var(--font);
      color: oklch(0.8 0.012 265);
    }
  `,
  host: {
    '(document:pointerover)': 'pointed($event)',
    '(document:pointerdown)': 'hide()',
    '(document:focusin)': 'reached($event)',
    '(document:focusout)': 'hide()',
    '(document:keydown.escape)': 'hide()',
    '(window:scroll)': 'hide()',
  },
})
export class Tips {
  protected readonly tip = signal<Tip | null>(null);
  private readonly document = inject(DOCUMENT);
  private over: Element | null = null;
  private waiting: ReturnType<typeof setTimeout> | undefined;

  protected pointed(event: PointerEvent): void {
    // A finger has no way to point without pressing.
    if (event.pointerType === 'touch') return;
    const button = iconButton(event.target);
    if (button === this.over) return;
    this.hide();
    this.over = button;
    if (button) this.waiting = setTimeout(() => this.show(button), WAIT_MS);
  }

  protected reached(event: FocusEvent): void {
    const button = iconButton(event.target);
    if (button?.matches(':focus-visible')) this.show(button);
  }

  protected hide(): void {
    clearTimeout(this.waiting);
    this.tip.set(null);
  }

  private show(button: HTMLElement): void {
    const text = button.getAttribute('aria-label');
    if (!text || !button.isConnected) return this.hide();
    const { x, y, width, height } = button.getBoundingClientRect();
    const { clientWidth } = this.document.documentElement;
    const below = y < 60;
    this.tip.set({
      text,
      keys: button.dataset['keys'] ?? '',
      along: Math.min(Math.max(x + width / 2, HALF_PX), Math.max(HALF_PX, clientWidth - HALF_PX)),
      down: below ? y + height + 8 : y - 8,
      below,
    });
  }
}

/** A button or link that has a label and no words of its own. */
function iconButton(target: EventTarget | null): HTMLElement | null {
  const found = target instanceof Element ? target.closest<HTMLElement>('button[aria-label], a[aria-label]') : null;
  return found && !/\p{L}/u.test(found.textContent ?? '') ? found : null;
}
