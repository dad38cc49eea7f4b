import { Injectable, signal } from '@angular/core';
import { lineFor } from '../../core/words';

/** A short line that comes and goes. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly kind: 'plain' | 'error';
  /** What it is about, where it goes away once that is mended. */
  readonly about?: string | undefined;
  /** What can be done about it right here. */
  readonly actions: readonly ToastAction[];
}

/** A button on a toast; pressing it takes the toast away. */
export interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}

const SHOWN_MS = 5_000;
const ERROR_SHOWN_MS = 9_000;
/** Somebody has to read it, find the button, and think. */
const ASKING_SHOWN_MS = 20_000;

/** Says what happened without asking for anything. */
@Injectable({ providedIn: 'root' })
export class Toasts {
  readonly list = signal<readonly Toast[]>([]);
  private lastId = 0;

  say(text: string, about?: string): void {
    this.show(text, 'plain', [], SHOWN_MS, about);
  }

  /** What was said about this is no longer so. */
  mended(about: string): void {
    this.list.update((list) => list.filter((toast) => toast.about !== about));
  }

  /** What was asked is over: nobody is offered to answer it. */
  forgetAsked(): void {
    this.list.update((list) => list.filter(({ actions }) => actions.length === 0));
  }

  /** Says something that can be answered at once. Answers its id, for when the question is over before that. */
  ask(text: string, actions: readonly ToastAction[]): number {
    return this.show(text, 'plain', actions, ASKING_SHOWN_MS);
  }

  /** Says why something failed, in our words. */
  fail(error: unknown): void {
    this.show(lineFor(error), 'error', [], ERROR_SHOWN_MS);
  }

  dismiss(id: number): void {
    this.list.update((list) => list.filter((toast) => toast.id !== id));
  }

  private show(
    text: string,
    kind: Toast['kind'],
    actions: readonly ToastAction[] = [],
    shownMs = SHOWN_MS,
    about?: string,
  ): number {
    const id = ++this.lastId;
    this.list.update((list) =>
      [...list.filter((toast) => toast.text !== text), { id, text, kind, actions, about }].slice(-3),
    );
    setTimeout(() => this.dismiss(id), shownMs);
    return id;
  }
}
