/**
 * The catalogue of every word that a person reads: extracts what is marked in src to src/locales/messages.json, and makes the
 * pseudo-locale en-XA.json from it. With --check it changes nothing and fails where the committed files are not up to date.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseMessage, writeMessage } from './messages.mjs';
import { pseudo } from './pseudo.mjs';

const web = fileURLToPath(new URL('..', import.meta.url));
const locales = join(web, 'src/locales');
const check = process.argv.includes('--check');

const scratch = mkdtempSync(join(tmpdir(), 'conclave-words-'));
try {
  const messages = extract();
  const late = [
    keep('messages.json', { locale: 'en', translations: messages }),
    keep('en-XA.json', {
      locale: 'en-XA',
      translations: Object.fromEntries(Object.entries(messages).map(([id, text]) => [id, pseudo(text)])),
    }),
  ].filter(Boolean);
  if (check && late.length > 0) {
    console.error(`Not up to date: ${late.join(', ')}. Run: npm run -w web words`);
    process.exitCode = 1;
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** Every marked message by its id, sorted, so that a change shows as the lines it changes. */
function extract() {
  const cli = join(dirname(createRequire(import.meta.url).resolve('@angular/cli/package.json')), 'bin/ng.js');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [cli, 'extract-i18n', '--output-path', scratch, '--out-file', 'messages.json'],
    { cwd: web, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`extraction failed:\n${stdout}${stderr}`);
  refuseTwoMeanings(stdout + stderr);
  const { translations } = JSON.parse(readFileSync(join(scratch, 'messages.json'), 'utf8'));
  return Object.fromEntries(
    Object.entries(translations)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      // Space around an element's text is the formatter's, not the message's.
      .map(([id, text]) => [id, writeMessage(parseMessage(text.trim()))]),
  );
}

/** One id is one text: another would never be shown. Space around it is the formatter's and makes no other text. */
function refuseTwoMeanings(output) {
  const found = [];
  for (const [, id, places] of output.matchAll(/Duplicate messages with id "(.+)":\n((?:\s+- ".*" : .*\n?)+)/g)) {
    const texts = new Set([...places.matchAll(/- "(.*)" : /g)].map(([, text]) => text.trim()));
    if (texts.size > 1) found.push(`${id}:\n${places}`);
  }
  if (found.length > 0) throw new Error(`ids with more than one text:\n${found.join('\n')}`);
}

/** Writes a file where it differs and answers its name, or undefined where it is as it should be. */
function keep(name, content) {
  const file = join(locales, name);
  const text = `${JSON.stringify(content, null, 2)}\n`;
  let before = '';
  try {
    before = readFileSync(file, 'utf8');
  } catch {
    // Not there yet.
  }
  if (before === text) return undefined;
  if (!check) writeFileSync(file, text);
  return name;
}
