// An entity that an earlier transaction of the same request has loaded comes back as it was then, although another request
// has changed its row meanwhile. So whoever reads an entity in a transaction says `refresh: true` (docs/service-style.md, "Rows").

const reads = new Set(['find', 'findOne', 'findOneOrFail', 'findAll', 'findAndCount', 'findByCursor']);

/** The object literal that an argument is, or that a constant of that name holds. */
function literal(node, scope) {
  if (!node) return null;
  if (node.type === 'TSAsExpression' || node.type === 'TSSatisfiesExpression') return literal(node.expression, scope);
  if (node.type === 'ObjectExpression') return node;
  if (node.type !== 'Identifier') return null;
  for (let at = scope; at; at = at.upper) {
    const definition = at.set.get(node.name)?.defs[0];
    if (definition) return definition.type === 'Variable' ? literal(definition.node.init, at) : null;
  }
  return null;
}

const refreshes = ({ properties }) =>
  properties.some(({ type, key, value }) => type === 'Property' && key.name === 'refresh' && value.value === true);

/** ESLint rule `conclave/rows`. */
export const rows = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      stale: 'This may answer with an entity as an earlier transaction of the request saw it. Say `refresh: true`.',
    },
  },
  create(context) {
    const { sourceCode } = context;
    return {
      CallExpression(node) {
        const { callee, arguments: given } = node;
        if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier' || callee.object.name !== 'em')
          return;
        if (!reads.has(callee.property.name)) return;
        const options = given
          .slice(1)
          .map((each) => literal(each, sourceCode.getScope(node)))
          .filter(Boolean);
        if (!options.some(refreshes)) context.report({ node: callee, messageId: 'stale' });
      },
    };
  },
};
