// The folders of a part and who takes from whom. A folder is a node; so is each file that lies at the part's root (main,
// config, metrics: leaves or roots of the graph). Doors (index.ts) only pass on and count for nobody.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';

const importing = /(?:\bfrom|\bimport)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g;

const isSource = (path) => /\.ts$/.test(path) && !/\.(spec|d)\.ts$/.test(path) && basename(path) !== 'index.ts';

/** Every source file below a folder. */
export const sourcesIn = (base) =>
  readdirSync(base, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(isSource)
    .sort();

/** The node that a file belongs to. */
export function nodeOf(base, file) {
  const folder = relative(base, dirname(file));
  return folder === '' ? basename(file) : folder;
}

/** The file that a relative import means, as TypeScript finds it. */
export function targetOf(file, specifier) {
  const path = resolve(dirname(file), specifier);
  const source = path.endsWith('.js') ? `${path.slice(0, -3)}.ts` : path;
  return [source, `${path}.ts`, join(path, 'index.ts')].find((candidate) => existsSync(candidate)) ?? source;
}

/** Imports between folders: `[{ from, to, file, target }]`. */
export function edgesOf(base) {
  const edges = [];
  for (const file of sourcesIn(base))
    for (const [, specifier] of readFileSync(file, 'utf8').matchAll(importing)) {
      const target = targetOf(file, specifier);
      const [from, to] = [nodeOf(base, file), nodeOf(base, target)];
      if (from !== to && !relative(base, target).startsWith('..')) edges.push({ from, to, file, target });
    }
  return edges;
}

/** Groups of folders that take from each other in a circle (strongly connected, by Tarjan), each with its edges. */
export function cyclesOf(edges) {
  const next = new Map();
  for (const { from, to } of edges) next.set(from, (next.get(from) ?? new Set()).add(to));
  const index = new Map();
  const low = new Map();
  const stack = [];
  const cycles = [];
  const visit = (node) => {
    index.set(node, index.size);
    low.set(node, index.get(node));
    stack.push(node);
    for (const other of next.get(node) ?? []) {
      if (!index.has(other)) visit(other);
      if (stack.includes(other)) low.set(node, Math.min(low.get(node), low.get(other)));
    }
    if (low.get(node) !== index.get(node)) return;
    const group = stack.splice(stack.indexOf(node));
    if (group.length > 1)
      cycles.push({
        folders: group.sort(),
        edges: edges.filter(({ from, to }) => group.includes(from) && group.includes(to)),
      });
  };
  for (const { from, to } of edges) for (const node of [from, to]) if (!index.has(node)) visit(node);
  return cycles;
}
