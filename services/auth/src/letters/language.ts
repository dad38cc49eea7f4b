/** Languages that letters are written in; the app's own. */
export const languages = ['en', 'de', 'ar'] as const;

/** One of them. */
export type Language = (typeof languages)[number];

/** The first that a person reads, from a language or an Accept-Language header in the order it is written; else English. */
export function readLanguage(wanted: string): Language {
  for (const part of wanted.split(',')) {
    const tag = part.split(';')[0]?.trim().split('-')[0]?.toLowerCase();
    const found = languages.find((language) => language === tag);
    if (found) return found;
  }
  return 'en';
}
