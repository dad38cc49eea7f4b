import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';

/** A language that the app speaks. */
export type Language = 'en' | 'de' | 'ar' | 'en-XA';

interface Catalogue {
  readonly translations: Readonly<Record<string, string>>;
}

const catalogues = new Map<Language, Catalogue['translations']>();

function catalogue(language: Language): Catalogue['translations'] {
  const known = catalogues.get(language);
  if (known) return known;
  const file = join(import.meta.dirname, `../../web/src/locales/${language === 'en' ? 'messages' : language}.json`);
  const { translations } = JSON.parse(readFileSync(file, 'utf8')) as Catalogue;
  catalogues.set(language, translations);
  return translations;
}

/** What a message of the catalogue says in a language, with its values put in: t('home.morning', { NAME: 'Marta' }). */
export function t(id: string, values: Readonly<Record<string, string>> = {}, language: Language = 'en'): string {
  const message = catalogue(language)[id];
  if (message === undefined) throw new Error(`the catalogue has no ${id}`);
  return message.replace(/\{\$(\w+)\}/g, (_found, name: string) => values[name] ?? '');
}

type Role = Parameters<Page['getByRole']>[0];

/** Finds things by role and by what they are called in a language, so that a journey reads the same in all. */
export const byWords =
  (language: Language) =>
  (place: Page | Locator, role: Role, id: string, values: Readonly<Record<string, string>> = {}): Locator =>
    place.getByRole(role, { name: t(id, values, language), exact: true });
