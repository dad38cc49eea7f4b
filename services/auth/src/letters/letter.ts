import type { Language } from './language.js';

/** A letter before it is set: paragraphs of ours, and at most one code and one link. */
export interface Letter {
  readonly subject: string;
  readonly before: readonly string[];
  readonly code?: string;
  readonly link?: { readonly label: string; readonly url: string };
  readonly after: readonly string[];
}

/** What a mail program gets. */
export interface SetLetter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const paragraph = (text: string): string => `<p style="margin:0 0 16px">${escaped(text)}</p>`;

/**
 * Sets a letter as text and as HTML. Nothing is loaded from elsewhere, nothing counts who reads it, the link stands in full below
 * its button, and the code is one that a screen reader reads digit by digit.
 */
export function setLetter(letter: Letter, language: Language): SetLetter {
  const { subject, before, code, link, after } = letter;
  const text = [...before, ...(code ? [code] : []), ...(link ? [`${link.label}:\n${link.url}`] : []), ...after];
  const direction = language === 'ar' ? 'rtl' : 'ltr';
  const html = [
    `<!doctype html><html lang="${language}" dir="${direction}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">',
    `<title>${escaped(subject)}</title></head>`,
    '<body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif">',
    '<div style="max-width:520px;margin:0 auto">',
    ...before.map(paragraph),
    ...(code
      ? [
          `<p dir="ltr" style="margin:0 0 16px;font:600 28px/1.2 ui-monospace,monospace;letter-spacing:4px">${escaped(code)}</p>`,
        ]
      : []),
    ...(link ? [button(link)] : []),
    ...after.map(paragraph),
    '</div></body></html>',
  ];
  return { subject, text: `${text.join('\n\n')}\n`, html: html.join('') };
}

const button = ({ label, url }: { label: string; url: string }): string =>
  `<p style="margin:0 0 16px"><a href="${escaped(url)}" style="display:inline-block;padding:12px 20px;border-radius:8px;` +
  `background:#0b5d57;color:#ffffff;text-decoration:none">${escaped(label)}</a></p>` +
  `<p dir="ltr" style="margin:0 0 16px;font-size:13px;word-break:break-all">${escaped(url)}</p>`;
