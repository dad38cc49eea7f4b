/**
 * Puts the CSP nonce token on every script, style and link of the built index.html and refuses a build whose page could
 * not run under the policy of docs (inline handlers, inline styles, a third-party address).
 *
 * The gateway replaces every `__CSP_NONCE__` with the nonce of the response. With 'strict-dynamic' a script tag without it would not run.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const TOKEN = '__CSP_NONCE__';

/** Returns the page with the token on each tag that the policy looks at. */
export function withNonces(html) {
  return html.replace(/<(script|style|link)\b([^>]*)>/g, (_tag, name, attributes) => {
    const rest = attributes
      .replace(/\s+nonce="[^"]*"/g, '')
      .replace(/\s*\/\s*$/, '')
      // base-uri is 'none', so there is no <base>: addresses start at the root whatever page was asked for.
      .replace(/\b(src|href)="(?!\/|[a-z]+:)/g, '$1="/');
    return `<${name} nonce="${TOKEN}"${rest}>`;
  });
}

/** Lists what in the page the policy would block. */
export function violations(html) {
  const found = [];
  if (/\son\w+\s*=/i.test(html)) found.push('an inline event handler');
  if (/<base\b/i.test(html)) found.push('a base element, which base-uri forbids');
  if (/\sstyle\s*=/i.test(html)) found.push('an inline style attribute');
  if (/(?:src|href)="(?:https?:)?\/\//i.test(html)) found.push('an address of another origin');
  if (/<script\b[^>]*>\s*[^<\s]/i.test(html)) found.push('an inline script');
  if (!html.toLowerCase().includes(`ngcspnonce="${TOKEN.toLowerCase()}"`)) found.push('no ngCspNonce placeholder');
  return found;
}

const file = fileURLToPath(new URL('../dist/browser/index.html', import.meta.url));
const html = withNonces(readFileSync(file, 'utf8'));
const wrong = violations(html);
if (wrong.length > 0) {
  console.error(`dist/browser/index.html has ${wrong.join(', ')}.`);
  process.exit(1);
}
writeFileSync(file, html);
