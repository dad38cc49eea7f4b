import { Component, computed, input } from '@angular/core';
import { initials } from '../../core/format';

const HUES = [20, 55, 95, 145, 165, 200, 235, 262, 300, 340] as const;

/** The same person has the same colour everywhere: picked from the id, dark enough for white letters. */
export function hueOf(seed: string): number {
  let hash = 0;
  for (const char of seed) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return HUES[hash % HUES.length] ?? 262;
}

/**
 * Initials on a colour. Decoration: the name stands beside it or in the label of what holds it, so the letters are drawn by the style and
 * are no text of the page.
 */
@Component({
  selector: 'cv-avatar',
  template: '',
  host: { 'aria-hidden': 'true', '[style.--hue]': 'hue()', '[attr.data-letters]': 'letters()' },
  styles: `
    :host {
      display: inline-grid;
      place-items: center;
      flex: none;
      width: var(--size, 36px);
      height: var(--size, 36px);
      border-radius: 50%;
      background: oklch(0.5 0.085 var(--hue));
      color: oklch(0.98 0.01 265);
      font-size: calc(var(--size, 36px) * 0.36);
      font-weight: 600;
      letter-spacing: 0;
      line-height: 1;
      user-select: none;
    }
    :host::before {
      content: attr(data-letters);
    }
  `,
})
export class Avatar {
  readonly name = input.required<string>();
  readonly seed = input<string>('');
  protected readonly letters = computed(() => initials(this.name()));
  protected readonly hue = computed(() => hueOf(this.seed() || this.name()));
}
