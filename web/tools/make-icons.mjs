/** Writes src/app/shared/icon/icons.ts from the lucide paths named here, so that only icons in use are shipped. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const NAMES =
  `arrow-left arrow-up badge-check badge-question-mark bell calendar check chevron-down chevron-left chevron-right chevrons-up circle-alert columns-2 copy door-open download ellipsis eye eye-off
file folder-lock grid-2x2 info key-round keyboard link loader-circle lock log-out mail maximize message-square mic mic-off minimize monitor moon
move pause phone-off picture-in-picture-2 play plus qr-code refresh-cw screen-share screen-share-off settings share-2 shield-check shield-minus smartphone sun switch-camera trash triangle-alert upload user-minus user-plus
users video video-off volume-2 wifi-off x zoom-in zoom-out`.split(/\s+/);

const require = createRequire(import.meta.url);
const nodes = JSON.parse(readFileSync(require.resolve('lucide-static/icon-nodes.json'), 'utf8'));
const missing = NAMES.filter((name) => !nodes[name]);
if (missing.length > 0) throw new Error(`lucide has no ${missing.join(', ')}`);

/** Everything becomes paths: one element kind in the template, no markup by string. */
function toPath([tag, a]) {
  const n = (key) => Number(a[key] ?? 0);
  switch (tag) {
    case 'path':
      return a.d;
    case 'circle':
      return `M${n('cx') - n('r')} ${n('cy')}a${n('r')} ${n('r')} 0 1 0 ${2 * n('r')} 0a${n('r')} ${n('r')} 0 1 0 ${-2 * n('r')} 0`;
    case 'line':
      return `M${n('x1')} ${n('y1')}L${n('x2')} ${n('y2')}`;
    case 'polyline':
      return `M${a.points}`;
    case 'polygon':
      return `M${a.points}Z`;
    case 'rect': {
      const [x, y, w, h, r] = [n('x'), n('y'), n('width'), n('height'), n('rx')];
      return `M${x + r} ${y}h${w - 2 * r}a${r} ${r} 0 0 1 ${r} ${r}v${h - 2 * r}a${r} ${r} 0 0 1 ${-r} ${r}h${-(w - 2 * r)}a${r} ${r} 0 0 1 ${-r} ${-r}v${-(h - 2 * r)}a${r} ${r} 0 0 1 ${r} ${-r}z`;
    }
    default:
      throw new Error(`lucide element ${tag} is not known here`);
  }
}

const rows = NAMES.map((name) => `  '${name}': [${nodes[name].map((node) => `'${toPath(node)}'`).join(', ')}],`);
const text = `/** Made by tools/make-icons.mjs from lucide (ISC licence). Add a name there and run it again. */
export const ICONS = {
${rows.join('\n')}
} as const;

/** The name of an icon the app ships. */
export type IconName = keyof typeof ICONS;
`;
writeFileSync(fileURLToPath(new URL('../src/app/shared/icon/icons.ts', import.meta.url)), text);
