import { effect, inject, Injectable, untracked, type WritableSignal } from '@angular/core';
import { draftPlace } from '../session/draft-places';
import { Session } from '../session/session';

/** One text that is kept. An empty one is no draft. */
export interface Draft {
  recall(): string;
  keep(text: string): void;
}

/**
 * What somebody has typed and not sent, for as long as this tab lives: it outlasts a closed panel, a reload and a lost connection.
 * Each person finds their own only; signing out, and the next person who signs in, clears it. Never give it a secret.
 */
@Injectable({ providedIn: 'root' })
export class Drafts {
  private readonly session = inject(Session);

  /** The draft of this name, of whoever is signed in now; it stays theirs when their session runs out. */
  of(name: string): Draft {
    const place = draftPlace(this.session.me()?.id ?? '', name);
    return { recall: () => read(place), keep: (text) => write(place, text) };
  }
}

function read(place: string): string {
  try {
    return sessionStorage.getItem(place) ?? '';
  } catch {
    return '';
  }
}

function write(place: string, text: string): void {
  try {
    if (text) sessionStorage.setItem(place, text);
    else sessionStorage.removeItem(place);
  } catch {
    // A browser without storage keeps it as long as the page.
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
  let draft = drafts.of('');
  let over = false;
  effect(() => {
    const [place, value] = [name(), model()];
    // What a form does after it was sent, such as emptying the password, is no draft.
    if (over) return;
    if (place === known) return draft.keep(changesOf(value));
    known = place;
    draft = untracked(() => drafts.of(place));
    const kept = parsed(draft.recall());
    const fitting = fields.filter((field) => typeof kept[field] === typeof empty[field]);
    if (fitting.length > 0)
      model.set({ ...value, ...Object.fromEntries(fitting.map((field) => [field, kept[field]])) });
  });
  const changesOf = (value: T): string =>
    fields.some((field) => value[field] !== empty[field])
      ? JSON.stringify(Object.fromEntries(fields.map((field) => [field, value[field]])))
      : '';
  const forget = () => {
    over = true;
    draft.keep('');
  };
  return { forget };
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
