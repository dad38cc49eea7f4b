/** The language whose rules of plurals and numbers hold: the page's own; pseudo English counts as English. */
export const pageLanguage = (): string => document.documentElement.lang.split('-')[0] || 'en';

/**
 * The same with the reader's region where the browser names one, so that someone in Britain reads 22 December and someone in
 * the States December 22.
 */
export function pageRegion(wanted: readonly string[] = navigator.languages): string {
  const language = pageLanguage();
  return wanted.find((tag) => tag.split('-')[0]?.toLowerCase() === language) ?? language;
}
