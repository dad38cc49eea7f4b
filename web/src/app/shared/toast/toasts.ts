import { Injectable, signal } from '@angular/core';
import { lineFor } from '../../core/words';

/** A short line that comes and goes. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly kind: 'plain' | 'error';
}

const SHOWN_MS = 5_000;
const ERROR_SHOWN_MS = 9_000;

/** Says what happened without asking for anything. */
@Injectable({ providedIn: 'root' })
export class Toasts {
  readonly list = signal<readonly Toast[]>([]);
  private lastId = 0;

  say(text: string): void {
    this.show(text, 'plain');
  }

  /** Says why something failed, in our words. */
  fail(error: unknown): void {
    this.show(lineFor(error), 'error');
  }

  dismiss(id: number): void {
    this.list.update((list) => list.filter((toast) => toast.id !== id));
  }

  private show(text: string, kind: Toast['kind']): void {
    const id = ++this.lastId;
    this.list.update((list) => [...list.filter((toast) => toast.text !== text), { id, text, kind }].slice(-3));
    setTimeout(() => this.dismiss(id), kind === 'error' ? ERROR_SHOWN_MS : SHOWN_MS);
  }
}
