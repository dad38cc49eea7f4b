import { formatCount } from './format';
import { pageLanguage } from './locale/page-language';

/**
 * A counted sentence in code: templates have Angular's plurals, $localize has none. The message is marked whole, in the same
 * form, `{COUNT, plural, =1 {One file} other {# files}}`, so that a translator gives the branches of their language (Arabic
 * has six). `#` is the number; other values are named in braces and put in after the branch is chosen.
 */
export function plural(message: string, count: number, values: Readonly<Record<string, string>> = {}): string {
  const branches = new Map<string, string>();
  for (const [, key, text] of message.matchAll(/(=\d+|zero|one|two|few|many|other)\s*\{((?:[^{}]|\{\w+\})*)\}/g))
    if (key !== undefined && text !== undefined) branches.set(key, text);
  const category = new Intl.PluralRules(pageLanguage()).select(count);
  const branch = branches.get(`=${count}`) ?? branches.get(category) ?? branches.get('other') ?? message;
  return branch.replace(/#|\{(\w+)\}/g, (found, name: string | undefined) =>
    name === undefined ? formatCount(count) : (values[name] ?? found),
  );
}
