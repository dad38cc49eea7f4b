// Reads values.yaml with what its comments say about each key; the schema and the README are made from it.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMap, parseDocument } from 'yaml';

/** The folder of the chart. */
export const chart = join(dirname(fileURLToPath(import.meta.url)), 'conclave');

/** The last paragraph of a comment as one line: what stands before it belongs to the file, not to the key. */
const words = (comment) =>
  (comment ?? '')
    .split(/\n\s*\n/)
    .at(-1)
    .split('\n')
    .map((line) => line.trim())
    .join(' ')
    .trim();

/**
 * Every key in the order of the file: its path, its default, the words of its comment, and whether it is a group that
 * holds documented keys of its own. A map written in one line is a value, not a group.
 */
export function valuesKeys(text = readFileSync(join(chart, 'values.yaml'), 'utf8')) {
  const found = [];
  const walk = (map, path) => {
    map.items.forEach((pair, index) => {
      const here = [...path, String(pair.key.value)];
      const comment = pair.key.commentBefore ?? (index === 0 ? map.commentBefore : undefined);
      const group = isMap(pair.value) && !pair.value.flow && pair.value.items.length > 0;
      found.push({
        path: here,
        name: here.join('.'),
        value: pair.value?.toJSON() ?? null,
        words: words(comment),
        group,
      });
      if (group) walk(pair.value, here);
    });
  };
  walk(parseDocument(text).contents, []);
  return found;
}
