// Every word that a person reads is marked for translation (web/README.md, "Words"). Angular's own rule holds the text of
// templates; these hold the attributes and expressions of templates, and what code says.

/** Two words beside each other, or a letter word beside anything. */
const sentence = /\p{L}{2,}[,.:;!?…”’]*\s+\S|\S\s+\p{L}{2,}/u;
/** A word such as a button's: "Copy". */
const capitalWord = /^\p{Lu}\p{Ll}+\b/u;

/** Whether a text reads like something written for people. */
export const readsLikeWords = (text) => sentence.test(text);
const mayBeAWord = (text) => sentence.test(text) || capitalWord.test(text);

const advice = 'Mark it (web/README.md, "Words")';

/** Attributes of native elements that people read or hear. */
const wordAttributes = new Set(
  `aria-label aria-description aria-roledescription aria-valuetext ariaLabel ariaDescription ariaRoleDescription ariaValueText
   title placeholder alt label`.split(/\s+/),
);

/** On a component of ours every other attribute is an input, and an input that reads like words is read by people. */
const codeAttributes = new Set(['class', 'id', 'role', 'style', 'lang', 'translate']);
const isOurs = (element) => element?.name?.startsWith('cv-') ?? false;

/** Properties, calls and initial values through which code speaks to people. */
const wordKeys = new Set(['title', 'text', 'label', 'hint', 'heading', 'message', 'action', 'description', 'words']);
const wordCalls = new Set(['say', 'announce']);

/** What takes a selector, and what holds a list of tokens. */
const selectorCalls = new Set(['closest', 'matches', 'querySelector', 'querySelectorAll']);
const listProperties = new Set(['rel', 'className']);

/** Comments that switch a rule of words off must say why, after `--`. */
function unexplained(comment) {
  return /eslint-disable.*conclave\/marked-/.test(comment) && !/--\s*\S/.test(comment.replace(/-->\s*$/, ''));
}

/** Placeholders that stand for what somebody else has written. */
const othersWords = new Set(['NAME', 'HOST', 'ROOM', 'EMAIL']);

/** Code: what somebody else has written keeps its own direction within our sentence. */
export const isolatedNames = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      isolate:
        'Somebody else’s words may turn ours around: isolated(…) of core/format. What is only heard, such as a label, needs it not.',
    },
  },
  create(context) {
    return {
      "TaggedTemplateExpression[tag.name='$localize']"({ quasi }) {
        quasi.expressions.forEach((expression, index) => {
          const placeholder = /^:(\w+):/.exec(quasi.quasis[index + 1]?.value.raw ?? '')?.[1];
          if (othersWords.has(placeholder) && expression.callee?.name !== 'isolated')
            context.report({ node: expression, messageId: 'isolate' });
        });
      },
    };
  },
};

/** Code: string and template literals that read like words. */
export const markedWords = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { mark: `"{{text}}" is read by people. ${advice}`, why: 'Say why, after "--".' },
  },
  create(context) {
    const report = (node, text) => context.report({ node, messageId: 'mark', data: { text: text.slice(0, 60) } });
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments())
          if (unexplained(comment.value)) context.report({ loc: comment.loc, messageId: 'why' });
      },
      Literal(node) {
        if (typeof node.value !== 'string' || isCode(node)) return;
        if (readsLikeWords(node.value) || (capitalWord.test(node.value) && inWordPlace(node))) report(node, node.value);
      },
      TemplateLiteral(node) {
        if (node.parent.type === 'TaggedTemplateExpression' || isCode(node)) return;
        const text = node.quasis.map((quasi) => quasi.value.cooked ?? '').join('…');
        if (readsLikeWords(text)) report(node, text);
      },
    };
  },
};

/** Places where a string is never shown: decorators, types, modules, keys, comparisons, errors for developers. */
function isCode(node) {
  const { parent } = node;
  if (/^(Import|Export)/.test(parent.type) || parent.type === 'TSLiteralType' || parent.type === 'BinaryExpression')
    return true;
  if (parent.type === 'Property' && parent.key === node) return true;
  if (parent.type === 'CallExpression' && selectorCalls.has(parent.callee.property?.name)) return true;
  if (parent.type === 'AssignmentExpression' && listProperties.has(parent.left.property?.name)) return true;
  for (let above = parent; above; above = above.parent) {
    if (above.type === 'Decorator') return true;
    if (above.type === 'NewExpression' && /Error$/.test(above.callee.name ?? '')) return true;
    if (/Function|^Program$|^PropertyDefinition$/.test(above.type)) return false;
  }
  return false;
}

function inWordPlace(node) {
  let { parent } = node;
  while (['ConditionalExpression', 'LogicalExpression'].includes(parent.type)) parent = parent.parent;
  if (parent.type === 'Property') return wordKeys.has(parent.key.name ?? parent.key.value);
  if (parent.type !== 'CallExpression') return false;
  const { callee } = parent;
  // input('Copy'): the word that a component says unless it is told another.
  return wordCalls.has(callee.property?.name) || callee.name === 'input';
}

/** Templates: attributes that people read, inputs of our own components, and strings in expressions. */
export const markedTemplate = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      mark: `"{{text}}" is read by people. ${advice}`,
      aria: '{{name}} with a value inside is set as a property: write {{property}}, or Angular loses it.',
      why: 'Say why, after "--".',
    },
  },
  create(context) {
    const { sourceCode } = context;
    const report = (start, end, messageId, data) =>
      context.report({
        loc: { start: sourceCode.getLocFromIndex(start), end: sourceCode.getLocFromIndex(end) },
        messageId,
        data,
      });
    const reportAttribute = ({ sourceSpan }, messageId, data) =>
      report(sourceSpan.start.offset, sourceSpan.end.offset, messageId, data);
    return {
      Program() {
        for (const comment of sourceCode.text.matchAll(/<!--.*?-->/gs))
          if (unexplained(comment[0])) report(comment.index, comment.index + comment[0].length, 'why');
      },
      TextAttribute(node) {
        if (node.i18n || !node.value) return;
        const read = isOurs(node.parent)
          ? !codeAttributes.has(node.name) && mayBeAWord(node.value)
          : wordAttributes.has(node.name) && /\p{L}/u.test(node.value);
        if (read) reportAttribute(node, 'mark', { text: `${node.name}="${node.value}"` });
      },
      BoundAttribute(node) {
        const strings = node.value?.ast?.strings;
        if (!strings) return;
        const name = node.keySpan?.toString() ?? node.name;
        const property = name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
        if (name.startsWith('aria-')) return reportAttribute(node, 'aria', { name, property });
        const text = strings.join('…');
        const read = wordAttributes.has(node.name) || (isOurs(node.parent) && !codeAttributes.has(node.name));
        if (read && !node.i18n && /\p{L}{2,}/u.test(text)) reportAttribute(node, 'mark', { text: `${name}="${text}"` });
      },
      LiteralPrimitive({ value, sourceSpan }) {
        if (typeof value === 'string' && mayBeAWord(value))
          report(sourceSpan.start, sourceSpan.end, 'mark', { text: value });
      },
    };
  },
};
