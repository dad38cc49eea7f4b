import { readFileSync, readdirSync } from 'node:fs';

const source = new URL('../src/', import.meta.url);

/** Everything but the server's part. */
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.startsWith('node/'),
);

it('the neutral and the browser part exist', () => {
  expect(files).toEqual(expect.arrayContaining(['index.ts', 'web/index.ts', 'assemble.ts']));
});

it.each(files)('%s runs in a browser: no Node module, no Buffer, nothing of the server part', (file) => {
  const code = readFileSync(new URL(file, source), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '');
  const imports = [...code.matchAll(/from '([^']+)'/g)].map(([, from = '']) => from);
  for (const from of imports) expect(from).toMatch(/^(\.{1,2}\/(?!node\/)[\w./-]+\.js|@conclave\/errors)$/);
  expect(code).not.toMatch(/(?<!Array)\bBuffer\b|\bprocess\b|\brequire\b/);
});

it('the worker of a browser and all it needs take no package: a worker has no import map', () => {
  const seen = new Set<string>();
  const follow = (url: URL) => {
    if (seen.has(url.href)) return;
    seen.add(url.href);
    const code = readFileSync(url, 'utf8');
    for (const [, from = ''] of code.matchAll(/^import (?!type )[^;]*from '([^']+)'/gm)) {
      expect(from).toMatch(/^\./);
      follow(new URL(from.replace(/\.js$/, '.ts'), url));
    }
  };
  follow(new URL('web/pool/worker.ts', source));
  expect(seen.size).toBeGreaterThan(5);
});
