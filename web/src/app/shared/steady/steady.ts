import { DestroyRef, Directive, ElementRef, inject } from '@angular/core';
import { stopwatch } from '../../core/time/server-clock';

/** Two presses within so long are one gesture: nobody has seen what came under the finger in between. */
const ONE_GESTURE_MS = 500;

/**
 * A list whose rows go when one presses them: the second press of an impatient finger is not the next row's, which has just moved
 * under it. The keyboard presses what has the focus, and that does not move.
 */
@Directive({ selector: '[cvSteady]' })
export class Steady {
  private pressedAt = -Infinity;
  private went = false;

  constructor() {
    const element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    const observer = new MutationObserver((changes) => {
      this.went ||= changes.some(({ removedNodes }) => [...removedNodes].some((node) => node instanceof Element));
    });
    observer.observe(element, { childList: true });
    // Before any button of a row hears of it.
    const pressed = (event: MouseEvent) => {
      if (event.detail === 0) return;
      const moved = this.went && stopwatch() - this.pressedAt < ONE_GESTURE_MS;
      this.pressedAt = stopwatch();
      this.went = moved;
      if (!moved) return;
      event.stopPropagation();
      event.preventDefault();
    };
    element.addEventListener('click', pressed, { capture: true });
    inject(DestroyRef).onDestroy(() => {
      observer.disconnect();
      element.removeEventListener('click', pressed, { capture: true });
    });
  }
}
