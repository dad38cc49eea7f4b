/**
 * What a message of the catalogue is made of: text, placeholders ({$NAME}, or {NAME} inside a plural) and plurals or choices
 * ({COUNT, plural, =1 {…} other {…}}). Read once here for the pseudo-locale and for the checks.
 *
 * @typedef {{ text: string } | { placeholder: string } | { variable: string, kind: string, branches: { key: string, parts: Part[] }[] }} Part
 */

/** @returns {Part[]} */
export function parseMessage(message) {
  const { parts, end } = readParts(message, 0, false);
  if (end !== message.length) throw new Error(`unbalanced brace in: ${message}`);
  return parts;
}

function readParts(message, from, inside) {
  const parts = [];
  let at = from;
  let text = '';
  const flush = () => {
    if (text) parts.push({ text });
    text = '';
  };
  while (at < message.length) {
    const char = message[at];
    if (char === '}' && inside) break;
    if (char !== '{') {
      text += char;
      at++;
      continue;
    }
    flush();
    const choice = /^\{\s*(\w+)\s*,\s*(plural|select)\s*,\s*/.exec(message.slice(at));
    if (choice) {
      const read = readBranches(message, at + choice[0].length);
      parts.push({ variable: choice[1], kind: choice[2], branches: read.branches });
      at = read.end;
      continue;
    }
    const close = message.indexOf('}', at);
    if (close < 0) throw new Error(`a placeholder does not end in: ${message}`);
    parts.push({ placeholder: message.slice(at, close + 1) });
    at = close + 1;
  }
  flush();
  return { parts, end: at };
}

function readBranches(message, from) {
  const branches = [];
  let at = from;
  for (;;) {
    const key = /^\s*(=\d+|\w+)\s*\{/.exec(message.slice(at));
    if (!key) break;
    const { parts, end } = readParts(message, at + key[0].length, true);
    branches.push({ key: key[1], parts });
    at = end + 1;
  }
  const close = /^\s*\}/.exec(message.slice(at));
  if (!close || branches.length === 0) throw new Error(`a plural does not end in: ${message}`);
  return { branches, end: at + close[0].length };
}

/** The parts as a message again, each text through `change`. */
export function writeMessage(parts, change = (text) => text) {
  return parts
    .map((part) => {
      if ('text' in part) return change(part.text);
      if ('placeholder' in part) return part.placeholder;
      const branches = part.branches.map(({ key, parts: inner }) => `${key} {${writeMessage(inner, change)}}`);
      return `{${part.variable}, ${part.kind}, ${branches.join(' ')}}`;
    })
    .join('');
}

/** The names of all placeholders and plural variables, sorted, each once: what a translation must keep. */
export function placeholdersOf(parts) {
  const names = new Set();
  for (const part of parts) {
    if ('placeholder' in part) names.add(part.placeholder);
    if (!('branches' in part)) continue;
    names.add(`{${part.variable}, ${part.kind}}`);
    for (const branch of part.branches) for (const name of placeholdersOf(branch.parts)) names.add(name);
  }
  return [...names].sort();
}
