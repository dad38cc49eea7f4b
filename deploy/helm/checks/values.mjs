// Every key of values.yaml: told what it does, allowed by the schema, and used by a template.
import { isMap, isScalar, isSeq, parseDocument } from 'yaml';

const hasText = (comment) => typeof comment === 'string' && /[A-Za-z]{3}/.test(comment);

/** All keys with their path and whether a comment stands before or beside them. */
export function keysOf(text) {
  const document = parseDocument(text);
  const found = [];
  const walk = (map, path) => {
    map.items.forEach((pair, index) => {
      const key = String(pair.key.value);
      const here = [...path, key];
      // The comment before the first key of a map belongs to the map itself in this parser.
      const before = pair.key.commentBefore ?? (index === 0 ? map.commentBefore : undefined);
      const beside = isScalar(pair.value) || isSeq(pair.value) || isMap(pair.value) ? pair.value.comment : undefined;
      const inner = isMap(pair.value) && !pair.value.flow && pair.value.items.length > 0;
      found.push({
        path: here,
        documented: hasText(before) || hasText(beside) || hasText(pair.value?.commentBefore),
        leaf: !inner,
      });
      if (inner) walk(pair.value, here);
    });
  };
  walk(document.contents, []);
  return found;
}

/** Leaves without a comment of their own; a group may do without, its leaves say what it is. */
export const undocumented = (keys) =>
  keys
    .filter(({ leaf, documented }) => leaf && !documented)
    .map(({ path }) => `values.yaml says nothing about ${path.join('.')}`);

const resolve = (schema, root) => {
  let current = schema;
  while (current?.$ref) {
    current = current.$ref
      .replace(/^#\//, '')
      .split('/')
      .reduce((at, part) => at?.[part], root);
  }
  return current;
};

/** Keys that the schema does not name, places where it takes any key, and keys it names that values.yaml lacks. */
export function schemaProblems(keys, schema, { open = ['global'] } = {}) {
  const problems = [];
  const at = (path) =>
    path.reduce((current, part) => {
      const here = resolve(current, schema);
      return here?.properties?.[part] ?? resolve(here?.additionalProperties, schema);
    }, schema);
  for (const { path, leaf } of keys) {
    const found = resolve(at(path), schema);
    const name = path.join('.');
    if (!found) problems.push(`values.schema.json does not know ${name}`);
    else if (!leaf && found.additionalProperties !== false && !open.includes(name)) {
      problems.push(`values.schema.json takes any key inside ${name}`);
    } else if (found.type === undefined && !found.enum && !found.anyOf && !found.oneOf && found.const === undefined) {
      problems.push(`values.schema.json says nothing about the type of ${name}`);
    }
  }
  const listed = new Set(keys.map(({ path }) => path.join('.')));
  const walk = (part, path) => {
    for (const [key, each] of Object.entries(resolve(part, schema)?.properties ?? {})) {
      const name = [...path, key].join('.');
      if (!listed.has(name) && name !== 'enabled')
        problems.push(`values.schema.json knows ${name}, which values.yaml does not have`);
      if (keys.some((known) => !known.leaf && known.path.join('.') === name)) walk(each, [...path, key]);
    }
  };
  walk(schema, []);
  if (schema.additionalProperties !== false) problems.push('values.schema.json takes any key');
  return problems;
}

/** Keys that no template reads. Templates name keys as .a.b or pass a map on by its name, so names are looked for. */
export function unused(keys, templates) {
  const text = templates.join('\n').replace(/\{\{-?\s*\/\*[\s\S]*?\*\/\s*-?\}\}/g, '');
  const code = [...text.matchAll(/\{\{-?([\s\S]*?)-?\}\}/g)].map(([, inside]) => inside).join('\n');
  const read = (name) => {
    const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return new RegExp(`\\.${escaped}(?![A-Za-z0-9_])|"${escaped}"`).test(code);
  };
  const given = keys.filter(({ leaf }) => leaf);
  return given
    .filter(({ path }) => !read(path.at(-1)) && !path.slice(0, -1).some((_, index) => wholeMaps.has(path[index])))
    .map(({ path }) => `no template reads ${path.join('.')}`);
}

/** Maps that templates print as they are, whatever is inside. */
const wholeMaps = new Set(['resources', 'probes', 'strategy', 'behavior', 'podAnnotations', 'labels', 'annotations']);
