// Makes newer-apis.txt: the names of what a browser of web/.browserslistrc lacks, from MDN's table of browsers. The table is large
// and seldom wanted, so it is no dependency; put it anywhere and name its file:
//   npm pack @mdn/browser-compat-data@8.1.9 && tar xf mdn-browser-compat-data-*.tgz
//   node tools/lint/make-newer-apis.mjs package/data.json
import { readFileSync, writeFileSync } from 'node:fs';

const [, , table] = process.argv;
if (!table) throw new Error('Name the data.json of @mdn/browser-compat-data.');
const data = JSON.parse(readFileSync(table, 'utf8'));
const inTable = { chrome: 'chrome', edge: 'edge', firefox: 'firefox', safari: 'safari', ios_saf: 'safari_ios' };
const oldest = [
  ...readFileSync(new URL('../../web/.browserslistrc', import.meta.url), 'utf8').matchAll(/^(\w+) >= (\S+)$/gm),
].map(([, name, version]) => [inTable[name], version]);

const parts = (version) => version.replace('≤', '').split('.').map(Number);
function laterThan(added, supported) {
  const [a, b] = [parts(added), parts(supported)];
  return a[0] !== b[0] ? a[0] > b[0] : (a[1] ?? 0) > (b[1] ?? 0);
}

/** Whether every browser of ours has it, without a flag or a prefix, and still. */
function supported({ __compat: compat } = {}) {
  if (!compat) return true;
  return oldest.every(([browser, version]) =>
    [compat.support[browser] ?? []]
      .flat()
      .some(({ version_added: added, version_removed: removed, flags, prefix, alternative_name }) => {
        if (!added || added === 'preview' || removed || flags || prefix || alternative_name) return false;
        return !laterThan(added, version);
      }),
  );
}

/** Whether any browser has it: what came and went again is nobody's to meet. */
const alive = ({ __compat: compat } = {}) =>
  Object.values(compat?.support ?? {}).some((one) =>
    [one].flat().some((has) => has.version_added && !has.version_removed),
  );

const lacking = { globals: new Set(), statics: new Set(), members: new Set() };
const everywhere = new Set();
/** A method is told by its name alone, so only those of what a page has in its hands: the rare ones have common names,
 * as have an iterator's (`take`), which the types of the web app do not offer. */
const told = new RegExp(
  `^(${Object.keys(data.javascript.builtins)
    .filter((name) => name !== 'Iterator')
    .join(
      '|',
    )}|Abort\\w+|Blob|CanvasRenderingContext2D|Crypto|Document|DOM\\w+|Element|Event|EventTarget|File\\w*|FormData|Headers|HTML(Canvas|Dialog|Form|Image|Input|Media|Select|TextArea|Video)?Element|Intersection\\w+|MediaDevices|MediaStream\\w*|Node|NodeList|Range|Readable\\w+|Request|Resize\\w+|Response|RTC\\w+|Screen|Selection|Storage\\w*|Subtle\\w+|Text\\w+|URL\\w*|WebSocket|Window|Worker|WritableStream)$`,
);

for (const [owner, entry] of [...Object.entries(data.api), ...Object.entries(data.javascript.builtins)]) {
  if (owner === '__compat') continue;
  if (!supported(entry)) lacking.globals.add(owner);
  for (const [key, member] of Object.entries(entry)) {
    if (key === '__compat' || key === owner || !/^[\w$]+$/.test(key)) continue;
    const name = key.replace(/_(static|event|permission)$/, '');
    if (/_(event|permission)$/.test(key)) continue;
    // What its interface lacks, it lacks as well.
    const has = supported(entry) && supported(member);
    if (!has) lacking.statics.add(`${owner}.${name}`);
    if (has) everywhere.add(name);
    else if (key === name && told.test(owner) && alive(member)) lacking.members.add(name);
  }
}
// Nor where anything older has a method of that name.
const members = [...lacking.members].filter((name) => !everywhere.has(name)).sort();
const globalObjects = ['Document', 'Navigator', 'Performance', 'Screen', 'Window', 'Crypto'];
const builtins = new Set(Object.keys(data.javascript.builtins));
const statics = [...lacking.statics]
  .filter((name) => {
    const [owner, member] = name.split('.');
    if (globalObjects.includes(owner) || builtins.has(owner)) return true;
    return `${member}_static` in (data.api[owner] ?? {});
  })
  .sort();
const lines = Object.entries({ globals: [...lacking.globals].sort(), statics, members });
writeFileSync(
  new URL('newer-apis.txt', import.meta.url),
  lines.map(([kind, names]) => `${kind} ${names.join(' ')}\n`).join(''),
);
