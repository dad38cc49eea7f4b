import { DOCUMENT, inject, Injectable, signal } from '@angular/core';

export type ThemeChoice = 'system' | 'light' | 'dark';

const KEY = 'conclave.theme';

/** Light, dark, or whatever the system says. */
@Injectable({ providedIn: 'root' })
export class Theme {
  private readonly document = inject(DOCUMENT);
  private readonly choiceSignal = signal<ThemeChoice>(stored());
  readonly choice = this.choiceSignal.asReadonly();

  constructor() {
    this.apply(this.choiceSignal());
  }

  choose(choice: ThemeChoice): void {
    this.choiceSignal.set(choice);
    this.apply(choice);
    try {
      localStorage.setItem(KEY, choice);
    } catch {
      // The choice holds until the page is closed.
    }
  }

  private apply(choice: ThemeChoice): void {
    const root = this.document.documentElement;
    if (choice === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = choice;
  }
}

function stored(): ThemeChoice {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system';
  }
}
