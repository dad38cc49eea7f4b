import { keep, kept } from '../device/kept';

/** A language the app speaks. */
export interface Locale {
  readonly code: 'en' | 'de' | 'ar' | 'en-XA';
  /** Its name in itself: whoever looks for it reads that. */
  readonly name: string;
  readonly direction: 'ltr' | 'rtl';
}

export const ENGLISH: Locale = { code: 'en', name: 'English', direction: 'ltr' };

/** What a person may choose from. */
export const LOCALES: readonly Locale[] = [
  ENGLISH,
  { code: 'de', name: 'Deutsch', direction: 'ltr' },
  { code: 'ar', name: 'العربية', direction: 'rtl' },
];

/** English made longer, accented and bracketed: shows what is not marked and what does not fit. Chosen by storage only. */
const PSEUDO: Locale = { code: 'en-XA', name: '[Ƥşéûðö]', direction: 'ltr' };

const KEY = 'conclave.locale';

/** The language of this visit: the stored choice, else the first that the browser asks for, else English. */
export function pickLocale(stored: string | null, wanted: readonly string[]): Locale {
  const chosen = [...LOCALES, PSEUDO].find(({ code }) => code === stored);
  if (chosen) return chosen;
  for (const tag of wanted) {
    const language = tag.split('-')[0]?.toLowerCase();
    const found = LOCALES.find(({ code }) => code === language);
    if (found) return found;
  }
  return ENGLISH;
}

/** What was chosen on this device; a browser that forbids storage has no choice kept. */
export function storedLocale(): string | null {
  return kept(KEY);
}

/** Keeps a choice for the next start of the page. Answers whether the browser let us. */
export function storeLocale(code: Locale['code']): boolean {
  return keep(KEY, code);
}
