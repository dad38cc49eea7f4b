import { afterEveryRender, Directive, ElementRef, inject, input } from '@angular/core';

/**
 * One stop of the Tab key for a row of buttons; arrow keys, Home and End go along it. For toolbars, and with `press` for tab
 * lists, where what is reached is chosen at once.
 */
@Directive({ selector: '[cvRoving]', host: { '(keydown)': 'key($event)', '(focusin)': 'reach($event.target)' } })
export class Roving {
  readonly cvRoving = input<'' | 'press'>('');
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private current: Element | null = null;

  constructor() {
    afterEveryRender(() => this.settle());
  }

  protected reach(target: EventTarget | null): void {
    const button = target instanceof Element ? target.closest('button') : null;
    if (button) this.current = button;
    this.settle();
  }

  protected key(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const buttons = this.buttons();
    const at = buttons.findIndex((button) => button === document.activeElement);
    const to = at < 0 ? undefined : buttons.at(this.destination(event.key, at, buttons.length));
    if (!to || to === buttons[at]) return;
    event.preventDefault();
    to.focus();
    if (this.cvRoving() === 'press') to.click();
  }

  private destination(key: string, at: number, length: number): number {
    const onwards = getComputedStyle(this.element).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    switch (key) {
      case 'Home':
        return 0;
      case 'End':
        return length - 1;
      case onwards:
      case 'ArrowDown':
        return (at + 1) % length;
      case 'ArrowLeft':
      case 'ArrowRight':
      case 'ArrowUp':
        return (at - 1 + length) % length;
      default:
        return at;
    }
  }

  private settle(): void {
    const buttons = this.buttons();
    const chosen = buttons.find((button) => button.getAttribute('aria-selected') === 'true');
    const stop = chosen ?? buttons.find((button) => button === this.current) ?? buttons[0];
    for (const button of buttons) button.tabIndex = button === stop ? 0 : -1;
  }

  /** What the size of the screen hides is no stop. */
  private buttons(): HTMLButtonElement[] {
    const all = [...this.element.querySelectorAll<HTMLButtonElement>('button:not(:disabled)')];
    const seen = all.filter((button) => button.getClientRects().length > 0);
    return seen.length > 0 ? seen : all;
  }
}
