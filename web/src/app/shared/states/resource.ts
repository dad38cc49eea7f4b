import { signal, type Signal } from '@angular/core';

/** Something loaded from the server, and how that went. A reload keeps the old value on screen until the new one is there. */
export interface Loaded<T> {
  readonly value: Signal<T | null>;
  readonly error: Signal<unknown>;
  readonly loading: Signal<boolean>;
  load(): Promise<void>;
  /** Puts in what a change has just answered. */
  set(value: T): void;
}

/** Wraps a call; only the answer to the newest call counts. */
export function loaded<T>(call: () => Promise<T>): Loaded<T> {
  const value = signal<T | null>(null);
  const error = signal<unknown>(null);
  const loading = signal(false);
  let newest = 0;
  return {
    value: value.asReadonly(),
    error: error.asReadonly(),
    loading: loading.asReadonly(),
    set: (next) => {
      newest++;
      value.set(next);
      error.set(null);
      loading.set(false);
    },
    async load() {
      const mine = ++newest;
      loading.set(true);
      try {
        const next = await call();
        if (mine !== newest) return;
        value.set(next);
        error.set(null);
      } catch (cause) {
        if (mine === newest) error.set(cause);
      } finally {
        if (mine === newest) loading.set(false);
      }
    },
  };
}
