/**
 * Puts the CSP nonce token on every script, style and link of the built index.html and refuses a build whose page could
 * not run under the policy of docs (inline handlers, inline styles, a third-party address).
 *
 * Besides, names what the app starts with to the browser: main.js loads it only after the language, so nothing else would.
 *
 * The gateway replaces every `__CSP_NONCE__` with the nonce of the response. With 'strict-dynamic' a script tag without it would not run.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** The files of the app's start and all that they import, found by the name that main.ts calls: the first screen waits for them. */
export function startFiles(folder) {
  const read = (name) => readFileSync(join(folder, name), 'utf8');
  const first = readdirSync(folder).find((name) => /^chunk-.*\.js$/.test(name) && /\bas startApp\b/.test(read(name)));
  if (!first) throw new Error('the build has no chunk that starts the app');
  const found = new Set([first]);
  for (const name of found)
    for (const [, imported] of read(name).matchAll(/(?:from|import)\s*["'`]\.\/(chunk-[\w-]+\.js)["'`]/g))
      found.add(imported);
  return [...found];
}

/** The builder's own budget sees only main.js. */
const MOST_START_BYTES = 400_000;

const folder = fileURLToPath(new URL('../dist/browser', import.meta.url));
const file = join(folder, 'index.html');
const start = startFiles(folder);
const bytes = start.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
if (bytes > MOST_START_BYTES) {
  console.error(`The app starts with ${bytes} bytes of code, more than ${MOST_START_BYTES}: load something lazily.`);
  process.exit(1);
}
const preloads = start.map((name) => `<link rel="modulepreload" href="${name}">`).join('');
const html = withNonces(readFileSync(file, 'utf8').replace('</head>', `${preloads}</head>`));
const wrong = violations(html);
if (wrong.length > 0) {
  console.error(`dist/browser/index.html has ${wrong.join(', ')}.`);
  process.exit(1);
}
writeFileSync(file, html);
