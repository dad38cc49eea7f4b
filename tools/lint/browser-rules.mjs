// The browsers of web/.browserslistrc: what one of them lacks is used only where the code asks first whether it is there.
import { readFileSync } from 'node:fs';

const lists = new Map(
  readFileSync(new URL('newer-apis.txt', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
    .map(([kind, ...names]) => [kind, new Set(names)]),
);

/** Objects that every page has, by what they are. */
const known = {
  document: 'Document',
  navigator: 'Navigator',
  performance: 'Performance',
  screen: 'Screen',
  window: 'Window',
  crypto: 'Crypto',
};

/** Refuses names that a supported browser does not know, unless the place asks first: `'x' in y`, `typeof x`, `y.x?.()`, `if (y.x)`. */
export const supportedApis = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      newer:
        'Not every browser of web/.browserslistrc has {{name}}. Ask first whether it is there, or do it another way.',
    },
  },
  create(context) {
    const { sourceCode } = context;
    const isOurs = (node) => {
      for (let scope = sourceCode.getScope(node); scope; scope = scope.upper)
        if (scope.set.get(node.name)?.defs.length > 0) return true;
      return false;
    };
    const report = (node, name, word) => {
      if (!asksFirst(node, word, sourceCode)) context.report({ node, messageId: 'newer', data: { name } });
    };
    return {
      MemberExpression(node) {
        if (node.computed || node.property.type !== 'Identifier') return;
        const member = node.property.name;
        const { object, parent } = node;
        if (object.type === 'Identifier' && !isOurs(object)) {
          const name = `${known[object.name] ?? object.name}.${member}`;
          if (lists.get('statics').has(name)) return report(node, name, member);
        }
        const called = parent.type === 'CallExpression' && parent.callee === node;
        if (called && object.type !== 'ThisExpression' && lists.get('members').has(member))
          report(node, `.${member}()`, member);
      },
      'NewExpression, CallExpression'({ callee }) {
        if (callee.type === 'Identifier' && lists.get('globals').has(callee.name) && !isOurs(callee))
          report(callee, callee.name, callee.name);
      },
    };
  },
};

function asksFirst(node, word, sourceCode) {
  const { parent } = node;
  if (parent.optional && (parent.callee === node || parent.object === node)) return true;
  if (parent.type === 'UnaryExpression' && parent.operator === 'typeof') return true;
  const asked = new RegExp(`(['"]${word}['"]\\s+in\\b|\\btypeof\\s[^;]*\\b${word}\\b|\\b${word}\\b)`);
  for (let at = node, up = parent; up; at = up, up = up.parent) {
    const test = up.type === 'LogicalExpression' ? up.left : up.test;
    if (test && test !== at && asked.test(sourceCode.getText(test))) return true;
    // `if (!('x' in y)) return;` before it.
    if (up.type === 'BlockStatement')
      for (const statement of up.body.slice(0, up.body.indexOf(at)))
        if (statement.type === 'IfStatement' && asked.test(sourceCode.getText(statement.test))) return true;
  }
  return false;
}
