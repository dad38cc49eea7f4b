import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refused, stylesIn } from './styles.mjs';

const src = join(import.meta.dirname, '../src');

describe('styles', () => {
  it.each([
    'margin-left: 4px;',
    'left: 0;',
    'text-align: right;',
    'border-top-left-radius: var(--radius-s);',
    'padding: 0 34px 0 38px;',
    'inset: 2px 2px auto auto;',
    'gap: 6px;',
    'padding: var(--space-2) 12px;',
    'margin-block-start: 3px;',
  ])('%s is refused', (css) => expect(refused(css)).not.toEqual([]));

  it.each([
    'margin-inline-start: var(--space-1);',
    'inset-inline-start: 0;',
    'text-align: start;',
    'border-start-start-radius: var(--radius-s);',
    'padding: var(--space-1) var(--space-2) var(--space-3) var(--space-2);',
    'inset: 0 0 auto;',
    'padding: 1px;',
    'margin: calc(-1 * var(--space-2)) auto 0;',
    'width: 44px;',
    '/* left: as in the old days */',
  ])('%s passes', (css) => expect(refused(css)).toEqual([]));

  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /\.(css|ts)$/.test(name) && !name.endsWith('.spec.ts'),
  );
  it.each(files)('%s keeps to the line of reading and to the scale', (name) => {
    const text = readFileSync(join(src, name), 'utf8');
    expect(refused(name.endsWith('.css') ? text : stylesIn(text))).toEqual([]);
  });
});
