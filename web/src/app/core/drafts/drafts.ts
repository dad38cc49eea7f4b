import { effect, inject, Injectable, untracked, type WritableSignal } from '@angular/core';
import { Session } from '../session/session';

const PREFIX = 'conclave.draft ';

/**
 * What somebody has typed and not sent, for as long as this tab lives: it outlasts a closed panel, a reload and a lost connection.
 * Each person finds their own only; signing out, and the next person who signs in, clears it. Never give it a secret.
 */
@Injectable({ providedIn: 'root' })
export class Drafts {
  private readonly session = inject(Session);

  constructor() {
    // Whose session has merely run out comes back to what they typed; whoever signs out, or is another, leaves nothing.
    effect(() => {
      const me = this.session.me();
      if (me) untracked(() => this.keepOnly(me.id));
    });
    this.session.onSignOut(() => this.keepOnly(null));
  }

  recall(name: string): string {
    return read(this.place(name));
  }

  /** An empty text is no draft. */
  keep(name: string, text: string): void {
    try {
      if (text) sessionStorage.setItem(this.place(name), text);
      else sessionStorage.removeItem(this.place(name));
    } catch {
      // A browser without storage keeps it as long as the page.
    }
  }

  private place(name: string): string {
    return `${PREFIX}${this.session.me()?.id ?? ''} ${name}`;
  }

  private keepOnly(userId: string | null): void {
    try {
      for (const place of Object.keys(sessionStorage))
        if (place.startsWith(PREFIX) && (userId === null || !place.startsWith(`${PREFIX}${userId} `)))
          sessionStorage.removeItem(place);
    } catch {
      // Then there is nothing to clear.
    }
  }
}

function read(place: string): string {
  try {
    return sessionStorage.getItem(place) ?? '';
  } catch {
    return '';
  }
}

/**
 * Keeps fields of a form as a draft: they are there again when the form is, until they are emptied or `forget` says that they were
 * sent. Call it where things are injected; `name` may read inputs.
 */
export function draftOf<T extends Record<string, unknown>>(
  name: () => string,
  model: WritableSignal<T>,
  fields: readonly (keyof T & string)[],
): { forget(): void } {
  const drafts = inject(Drafts);
  const empty = untracked(model);
  let known: string | null = null;
  effect(() => {
    const [place, value] = [name(), model()];
    if (place === known) return drafts.keep(place, changesOf(value));
    known = place;
    const kept = parsed(drafts.recall(place));
    const fitting = fields.filter((field) => typeof kept[field] === typeof empty[field]);
    if (fitting.length > 0)
      model.set({ ...value, ...Object.fromEntries(fitting.map((field) => [field, kept[field]])) });
  });
  const changesOf = (value: T): string =>
    fields.some((field) => value[field] !== empty[field])
      ? JSON.stringify(Object.fromEntries(fields.map((field) => [field, value[field]])))
      : '';
  return { forget: () => drafts.keep(untracked(name), '') };
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
