import { DOCUMENT, inject, Injectable, signal } from '@angular/core';
import { keep, kept } from './kept';

export type ThemeChoice = 'system' | 'light' | 'dark';

const KEY = 'conclave.theme';

/** Light, dark, or whatever the system says. */
@Injectable({ providedIn: 'root' })
export class Theme {
  private readonly document = inject(DOCUMENT);
  readonly choice = signal<ThemeChoice>(stored());

  constructor() {
    this.apply(this.choice());
  }

  choose(choice: ThemeChoice): void {
    this.choice.set(choice);
    this.apply(choice);
    keep(KEY, choice);
  }

  private apply(choice: ThemeChoice): void {
    const root = this.document.documentElement;
    if (choice === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = choice;
  }
}

function stored(): ThemeChoice {
  const value = kept(KEY);
  return value === 'light' || value === 'dark' ? value : 'system';
}
