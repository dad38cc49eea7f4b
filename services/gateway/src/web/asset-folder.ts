import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { OperatorError } from '@conclave/platform';

/** Encodings we answer with, best first. */
export type Encoding = 'br' | 'gzip' | 'identity';

/** One file of the web app, held in memory: there are few, and every first visit asks for most of them. */
export interface Asset {
  readonly type: string;
  readonly etag: string;
  /** Its name holds a hash of its content, so it never changes under that name. */
  readonly immutable: boolean;
  readonly bytes: Buffer;
  /** Compressed on first use, or read where the build has done it. */
  encoded(encoding: Encoding): Promise<{ bytes: Buffer; encoding: Encoding }>;
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.wav': 'audio/wav',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

const compressible = /^(text|application\/(json|manifest|wasm)|image\/svg)/;
/**
 * As the builder hashes names: `main-5XQ2Z7KD.js`, `chunk-C-3yITTj.js`. A word of eight small letters is no hash; a hash
 * that looks like one is only cached less.
 */
const hashedName = /-(?=[A-Za-z0-9_-]*[A-Z0-9])[A-Za-z0-9_-]{8}\.\w+$/;
const mostBytes = 128 * 1024 * 1024;

const brotli = promisify(brotliCompress);
const gz = promisify(gzip);

/** Reads the built web app once. @throws OperatorError with words when it is not there */
export function readAssets(root: string): ReadonlyMap<string, Asset> {
  let names: string[];
  try {
    names = readdirSync(root, { recursive: true, encoding: 'utf8' });
  } catch {
    throw new OperatorError('WEB_ROOT does not exist: build the web app first, or point WEB_ROOT at its folder');
  }
  const assets = new Map<string, Asset>();
  let total = 0;
  for (const name of names) {
    const path = join(root, name);
    if (!statSync(path).isFile() || /\.(br|gz|map)$/.test(name)) continue;
    const bytes = readFileSync(path);
    total += bytes.length;
    if (total > mostBytes) throw new OperatorError('WEB_ROOT holds more than 128 MiB: it is not the built web app');
    assets.set(`/${relative(root, path).split(sep).join('/')}`, assetOf(name, bytes));
  }
  if (!assets.has('/index.html')) throw new OperatorError('WEB_ROOT holds no index.html: build the web app first');
  return assets;
}

function assetOf(name: string, bytes: Buffer): Asset {
  const type = types[extname(name).toLowerCase()] ?? 'application/octet-stream';
  const worthIt = compressible.test(type) && bytes.length > 1024;
  const made = new Map<Encoding, Promise<Buffer>>();
  return {
    type,
    bytes,
    etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
    immutable: hashedName.test(name),
    async encoded(encoding) {
      if (!worthIt || encoding === 'identity') return { bytes, encoding: 'identity' };
      let work = made.get(encoding);
      if (!work) made.set(encoding, (work = compress(encoding, bytes)));
      return { bytes: await work, encoding };
    },
  };
}

function compress(encoding: Exclude<Encoding, 'identity'>, bytes: Buffer): Promise<Buffer> {
  if (encoding === 'gzip') return gz(bytes, { level: 9 });
  return brotli(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
}

/** The best encoding that a client takes; one refused with q=0 is not taken. */
export function bestEncoding(header: string | undefined): Encoding {
  const accepted = (header ?? '')
    .split(',')
    .map((item) => item.trim().toLowerCase())
    .filter((item) => !/;\s*q=0(\.0*)?$/.test(item))
    .map((item) => item.split(';')[0]);
  if (accepted.includes('br')) return 'br';
  return accepted.includes('gzip') ? 'gzip' : 'identity';
}
