// Inside a service a feature reaches another only through what that one's module exports: an injectable class that the module
// keeps to itself is its own business. What is no provider (an entity, a pure function, a type) is free to take.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

const provider = /@(?:Injectable|Controller)\([^)]*\)\s*(?:\/\/[^\n]*\n\s*)*export (?:abstract )?class (\w+)/g;

/** Classes of a file that Nest makes. */
export const providersIn = (text) => [...text.matchAll(provider)].map(([, name]) => name);

/** What a module gives to others: the names in its `exports`. */
export const exportsIn = (text) =>
  [...text.matchAll(/\bexports:\s*\[([^\]]*)\]/g)].flatMap(([, list]) => list.match(/\w+/g) ?? []);

const memory = new Map();
function once(key, make) {
  if (!memory.has(key)) memory.set(key, make());
  return memory.get(key);
}

const moduleOf = (folder) =>
  once(`module ${folder}`, () => {
    const name = existsSync(folder) && readdirSync(folder).find((file) => file.endsWith('.module.ts'));
    return name ? exportsIn(readFileSync(join(folder, name), 'utf8')) : undefined;
  });

/** The names of an import that a feature keeps to itself; `file` and `target` are absolute, `names` what is taken as a value. */
export function keptBack(file, target, names) {
  const service = /^(.*[/\\]services[/\\]\w+[/\\]src)[/\\]/.exec(target)?.[1];
  if (!service || !file.startsWith(service) || /\.(spec|module)\.ts$/.test(file)) return [];
  const [from, to] = [dirname(file), dirname(target)];
  // The root wires; adapters implement what a feature declares.
  if (from === to || from === service || to === service || from.includes(`${sep}adapters`) || !existsSync(target))
    return [];
  const given = moduleOf(to);
  if (!given) return [];
  const made = once(`providers ${target}`, () => providersIn(readFileSync(target, 'utf8')));
  return names.filter((name) => made.includes(name) && !given.includes(name));
}
