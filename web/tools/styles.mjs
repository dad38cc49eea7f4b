/** What the styles of the app may not say: `npm test` reads every style sheet and every component's styles with it. */

/** Sides by the screen instead of by the line of reading: an Arabic page would keep them where an English one has them. */
const physical = [
  /(?<![\w-])(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)(?![\w])/,
  /(?<![\w-])(?:left|right)\s*:/,
  /(?<![\w-])(?:text-align|float|clear|caption-side)\s*:\s*(?:left|right)\b/,
  /(?<![\w-])border-(?:top|bottom)-(?:left|right)-radius/,
  // Four values name left and right by their places; two different ones turn round wrongly.
  /(?<![\w-])(?:margin|padding|inset)\s*:\s*(?<top>[^\s;]+(?:\([^;]*?\))?)\s+(?<right>[^\s;]+)\s+(?<bottom>[^\s;]+)\s+(?!\k<right>\s*;)[^\s;]+\s*;/,
];

/** A distance that is no step of the scale in tokens.css; a hairline of 1 px is none. */
const offScale =
  /(?<![\w-])(?:padding|margin|gap|row-gap|column-gap)(?:-[\w-]+)?\s*:[^;{}]*(?<![\w.])(?!1px)\d+(?:\.\d+)?px/;

/** The declarations that are refused, each with its line. */
export function refused(css) {
  const found = [];
  const lines = css.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' ')).split('\n');
  lines.forEach((line, index) => {
    if (physical.some((rule) => rule.test(line)))
      found.push(`${index + 1}: ${line.trim()} (by the line of reading: inline-start, inline-end)`);
    if (offScale.test(line)) found.push(`${index + 1}: ${line.trim()} (a step of --space-…)`);
  });
  return found;
}

/** The styles inside a component. */
export const stylesIn = (source) => [...source.matchAll(/\bstyles:\s*`([^`]*)`/g)].map(([, css]) => css).join('\n');
