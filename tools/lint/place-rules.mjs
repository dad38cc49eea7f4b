// A limit that is counted before an await and taken after it does not hold: of many that come at once each counts the same
// free places, waits, and takes one. Whoever lets in by a count counts and registers in one step, before anything is awaited
// (`reserve` of services/gateway/src/live/live-connections.ts), or in one statement of the database.

const counts = new Set(['count', 'size', 'length']);
const takes = new Set(['add', 'set', 'push', 'unshift', 'admit', 'enter', 'register', 'insert', 'persist']);

/** What outlives a call and is seen by others: members of `this`, and variables of the module. */
function isShared(node, sourceCode) {
  let root = node;
  while (root.type === 'MemberExpression') root = root.object;
  if (root.type === 'ThisExpression') return true;
  if (root.type !== 'Identifier') return false;
  for (let scope = sourceCode.getScope(root); scope; scope = scope.upper)
    if (scope.set.has(root.name)) return scope.type === 'module' || scope.type === 'global';
  return false;
}

/** ESLint rule `conclave/places`. */
export const places = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      late: '{{of}} is counted in line {{line}}, and this takes a place in it only after an await: of many at once all get in. Count and take in one step (`reserve`), before the first await.',
    },
  },
  create(context) {
    const { sourceCode } = context;
    /** For each function that we are in: what it has counted, and whether it has waited since. */
    const functions = [];
    return {
      ':function'() {
        functions.push([]);
      },
      ':function:exit'() {
        functions.pop();
      },
      MemberExpression(node) {
        const here = functions.at(-1);
        if (!here || !counts.has(node.property.name) || !isShared(node.object, sourceCode)) return;
        here.push({ of: sourceCode.getText(node.object), line: node.loc.start.line, waited: false });
      },
      'AwaitExpression:exit'() {
        for (const count of functions.at(-1) ?? []) count.waited = true;
      },
      'CallExpression:exit'({ callee }) {
        if (callee.type !== 'MemberExpression' || !takes.has(callee.property.name)) return;
        const of = sourceCode.getText(callee.object);
        const late = functions.flat().find((count) => count.of === of && count.waited);
        if (late) context.report({ node: callee, messageId: 'late', data: { of, line: late.line } });
      },
    };
  },
};
