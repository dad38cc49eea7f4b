import { DestroyRef, Directive, ElementRef, inject } from '@angular/core';

const NEAR_END_PX = 80;

/** Stays at the end, also when a phone is turned or its keyboard opens, unless the person has scrolled up to read. */
@Directive({ selector: '[cvFollowsEnd]', exportAs: 'cvFollowsEnd', host: { '(scroll)': 'scrolled()' } })
export class FollowsEnd {
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private atEnd = true;

  constructor() {
    const observer = new ResizeObserver(() => this.toEnd());
    observer.observe(this.element);
    inject(DestroyRef).onDestroy(() => observer.disconnect());
  }

  /** Call when there is something new: it is shown in the next picture. */
  follow(): void {
    requestAnimationFrame(() => this.toEnd());
  }

  protected scrolled(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    this.atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }

  private toEnd(): void {
    if (this.atEnd) this.element.scrollTop = this.element.scrollHeight;
  }
}
