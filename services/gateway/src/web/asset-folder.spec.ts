import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { bestEncoding, readAssets } from './asset-folder.js';

describe('asset folder', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'web-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('says in words what is missing', () => {
    expect(() => readAssets(join(root, 'nowhere'))).toThrow(/WEB_ROOT does not exist/);
    expect(() => readAssets(root)).toThrow(/no index\.html/);
  });

  it('serves no source maps, knows types, and which names can never change', () => {
    mkdirSync(join(root, 'media'));
    writeFileSync(join(root, 'index.html'), '<p>');
    writeFileSync(join(root, 'main-5XQ2Z7KD.js'), 'x');
    writeFileSync(join(root, 'main-5XQ2Z7KD.js.map'), '{}');
    writeFileSync(join(root, 'media', 'face-ABCD1234.woff2'), 'x');
    const assets = readAssets(root);
    expect([...assets.keys()].sort()).toEqual(['/index.html', '/main-5XQ2Z7KD.js', '/media/face-ABCD1234.woff2']);
    expect(assets.get('/main-5XQ2Z7KD.js')).toMatchObject({ immutable: true, type: 'text/javascript; charset=utf-8' });
    expect(assets.get('/index.html')?.immutable).toBe(false);
  });

  it.each([
    ['chunk-C-3yITTj.js', true],
    ['chunk-kZCyMJ-j.js', true],
    ['styles-MOBS5SE6.css', true],
    ['icon-maskable.png', false],
    ['mark.svg', false],
    ['robots.txt', false],
  ])('takes %s for hashed: %s', (name, immutable) => {
    writeFileSync(join(root, 'index.html'), '<p>');
    writeFileSync(join(root, name), 'x');
    expect(readAssets(root).get(`/${name}`)?.immutable).toBe(immutable);
  });

  it('compresses what gains by it', async () => {
    const text = 'let a = 1;\n'.repeat(500);
    writeFileSync(join(root, 'index.html'), 'short');
    writeFileSync(join(root, 'main.js'), text);
    const assets = readAssets(root);
    const br = await assets.get('/main.js')!.encoded('br');
    expect(brotliDecompressSync(br.bytes).toString()).toBe(text);
    expect(gunzipSync((await assets.get('/main.js')!.encoded('gzip')).bytes).toString()).toBe(text);
    expect((await assets.get('/index.html')!.encoded('br')).encoding).toBe('identity');
  });

  it.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip;q=0.8', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0.0', 'identity'],
    ['', 'identity'],
    [undefined, 'identity'],
  ])('answers %j with %s', (header, expected) => {
    expect(bestEncoding(header)).toBe(expected);
  });
});
