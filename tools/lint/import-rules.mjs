// Who may import whom (ARCHITECTURE.md). An ESLint rule of our own, because its message must say what to do instead.
import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keptBack } from './feature-exports.mjs';
import { cyclesOf, edgesOf, targetOf } from './folder-graph.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Which libraries each part may import; a test, journey or benchmark may import `testing` besides. */
export const allowed = {
  'libs/errors': [],
  'libs/contracts': ['errors'],
  'libs/sealing': ['errors'],
  'libs/platform': ['errors'],
  'libs/messaging': ['contracts', 'errors', 'platform'],
  'libs/persistence': ['messaging', 'contracts', 'errors', 'platform'],
  'libs/keys': ['errors', 'platform'],
  'libs/audit': ['persistence', 'errors', 'platform'],
  'libs/e2ee': ['contracts', 'sealing', 'errors'],
  'libs/servers': ['contracts', 'errors'],
  'libs/mailbox': [],
  'libs/testing': ['servers', 'mailbox', 'platform', 'contracts', 'errors', 'messaging'],
  'services/auth': ['messaging', 'persistence', 'audit', 'platform', 'contracts', 'errors'],
  'services/rooms': ['messaging', 'persistence', 'audit', 'platform', 'contracts', 'errors', 'sealing', 'keys'],
  'services/files': ['messaging', 'persistence', 'audit', 'platform', 'contracts', 'errors', 'sealing', 'keys'],
  'services/gateway': ['messaging', 'platform', 'contracts', 'errors'],
  web: ['contracts', 'errors', 'sealing/web', 'e2ee'],
  cli: [],
  e2e: ['servers', 'mailbox', 'testing', 'contracts', 'errors'],
  bench: ['servers', 'testing', 'contracts', 'errors', 'sealing', 'keys', 'messaging', 'platform'],
  'deploy/local': ['servers', 'mailbox', 'platform', 'contracts', 'errors'],
  'deploy/tasks': ['servers', 'audit', 'platform', 'contracts', 'errors'],
  tools: ['servers', 'testing', 'contracts', 'errors'],
};

/** What to do instead, by what was reached for. */
const advice = {
  service: 'Services meet only on the bus: call it with a typed client, or consume its feed.',
  persistence: 'Only services with a database may use it; ask the owner of the data over the bus.',
  keys: 'Keys stay in files and rooms; ask them to seal or open instead.',
  e2ee: 'End-to-end keys live in the browser only; no server may import them.',
  testing: 'Harness code belongs to specs and test/ folders; move the import there.',
  deep: "Import through the library's door (`@conclave/<name>`), and export there what is missing.",
  browser: 'The browser may take only contracts, errors, sealing/web and e2ee; ask the gateway for the rest.',
  adapter: 'Declare a port in the feature and implement it in src/adapters; the module binds them.',
  feature: 'Import the other feature through its index.ts.',
};

const testFile = /(\.spec\.ts|\/test\/|\/testing\/|^bench\/)/;

function partOf(path) {
  const parts = path.split('/');
  if (parts[0] === 'libs' || parts[0] === 'services') return parts.slice(0, 2).join('/');
  if (parts[0] === 'deploy' && ['local', 'tasks'].includes(parts[1])) return parts.slice(0, 2).join('/');
  return parts[0];
}

/** The complaint about one import, or undefined. `file` is relative to the root, with slashes. */
export function complaint(file, specifier) {
  const part = partOf(file);
  if (!(part in allowed)) return undefined;
  if (specifier.startsWith('.')) {
    const target = relative(root, resolve(root, dirname(file), specifier))
      .split(sep)
      .join('/');
    if (partOf(target) !== part)
      return `${part} reaches into ${partOf(target)}. ${partOf(target).startsWith('services') ? advice.service : advice.deep}`;
    return insideService(file, target) ?? insideWeb(file, target);
  }
  const match = /^@conclave\/([^/]+)(?:\/(.+))?$/.exec(specifier);
  if (!match) return undefined;
  const [, name, sub] = match;
  if (['auth', 'rooms', 'files', 'gateway', 'web'].includes(name)) return `${part} imports ${name}. ${advice.service}`;
  if (sub && (sub.startsWith('src') || sub.startsWith('dist')))
    return `${specifier} goes past the door. ${advice.deep}`;
  const test = testFile.test(file);
  if (test && (name === 'testing' || sub === 'testing')) return undefined;
  if (part === `libs/${name}`) return undefined;
  if (sub === 'testing') return `${file} imports ${specifier}. ${advice.testing}`;
  const list = allowed[part];
  if (list.includes(name) || list.includes(`${name}/${sub}`)) return undefined;
  const words =
    part === 'web' ? advice.browser : (advice[name] ?? 'See the table in ARCHITECTURE.md for what this part may use.');
  return `${part} may not import @conclave/${name}${sub ? `/${sub}` : ''}. ${words}`;
}

/** Inside a service: use cases and entities know ports, never adapters. */
function insideService(file, target) {
  if (!/^services\/(auth|rooms|files)\/src\//.test(file) || testFile.test(file)) return undefined;
  const [, , , feature] = file.split('/');
  const toAdapter = /^services\/[^/]+\/src\/adapters\//.test(target);
  if (!toAdapter || feature === 'adapters' || /\.module\.ts$|\/src\/(main|check|preflight)\.ts$/.test(file))
    return undefined;
  return `${file} imports an adapter. ${advice.adapter}`;
}

/** Inside web: a feature reaches another only through its index.ts. */
function insideWeb(file, target) {
  const from = /^web\/src\/app\/features\/([^/]+)\//.exec(file);
  const to = /^web\/src\/app\/features\/([^/]+)\/?(.*)$/.exec(target);
  if (to && !from && /^web\/src\/app\/(core|shared)\//.test(file))
    return `core and shared know no feature. Move it into a feature.`;
  if (!from || !to || from[1] === to[1]) return undefined;
  return /^(index(\.js|\.ts)?)?$/.test(to[2]) || /\.routes(\.js|\.ts)?$/.test(to[2])
    ? undefined
    : `${from[1]} reaches into ${to[1]}. ${advice.feature}`;
}

/** ESLint rule `conclave/imports`. */
export const imports = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const file = relative(root, context.filename).split(sep).join('/');
    const check = (node) => {
      const words = typeof node.source?.value === 'string' && complaint(file, node.source.value);
      if (words) context.report({ node: node.source, message: words });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};

const circles = new Map();

/** The circle of folders that an import closes, in words; `file` and `target` are absolute. Each part is read once a run. */
export function circle(file, target) {
  const base =
    /^(.*?[/\\](?:(?:libs|services)[/\\]\w+[/\\]src|deploy[/\\](?:local|tasks)[/\\]src|web[/\\]src[/\\]app))[/\\]/.exec(
      file,
    )?.[1];
  if (!base) return undefined;
  if (!circles.has(base)) circles.set(base, cyclesOf(edgesOf(base)));
  const found = circles
    .get(base)
    .find(({ edges }) => edges.some((edge) => edge.file === file && edge.target === target));
  return (
    found &&
    `${found.folders.join(', ')} take from each other in a circle. Move what both need into a folder below them.`
  );
}

/** ESLint rule `conclave/features`: folders form no circle, and a feature takes only what another's module exports. */
export const features = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const check = (node) => {
      const specifier = node.source?.value;
      if (typeof specifier !== 'string' || !specifier.startsWith('.')) return;
      const target = targetOf(context.filename, specifier);
      const tied = circle(context.filename, target);
      if (tied) context.report({ node: node.source, message: tied });
      if (node.importKind === 'type') return;
      const names = (node.specifiers ?? []).flatMap(({ importKind, imported }) =>
        importKind === 'type' || !imported ? [] : imported.name,
      );
      for (const name of keptBack(context.filename, target, names))
        context.report({
          node: node.source,
          message: `${name} is that feature's own. Export it from its module, or ask what is exported.`,
        });
    };
    return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check };
  },
};
