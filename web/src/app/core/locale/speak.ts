import { loadTranslations } from '@angular/localize';
import { ENGLISH, type Locale } from './locales';

/** What `tools/words.mjs` and translators write. */
interface Translations {
  readonly default: { readonly translations: Readonly<Record<string, string>> };
}

/** Each is a hashed file of its own that only its readers load. English stands in the code. */
const FILES: Readonly<Record<string, () => Promise<Translations>>> = {
  de: () => import('../../../locales/de.json'),
  ar: () => import('../../../locales/ar.json'),
  'en-XA': () => import('../../../locales/en-XA.json'),
};

/**
 * Makes the page speak a language, before anything with text is loaded. A language that does not arrive becomes English:
 * words that are understood beat a page that stays empty.
 */
export async function speak(locale: Locale): Promise<Locale> {
  const spoken = await load(locale);
  document.documentElement.lang = spoken.code;
  document.documentElement.dir = spoken.direction;
  return spoken;
}

async function load(locale: Locale): Promise<Locale> {
  const file = FILES[locale.code];
  if (!file) return ENGLISH;
  try {
    const { default: catalogue } = await file();
    loadTranslations(catalogue.translations);
    return locale;
  } catch (error) {
    reportError(error);
    return ENGLISH;
  }
}
