/** One key with what is held beside it, told by its place on the keyboard, so that it is the same on every layout. */
export interface Keys {
  /** KeyboardEvent.code: `KeyD` is the key that has D on a keyboard of the United States. */
  readonly code: string;
  /** Ctrl, or Command on a Mac. */
  readonly ctrl: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
}

const MODIFIERS = /^(Control|Shift|Alt|Meta|OS)(Left|Right)?$|^(CapsLock|Fn|FnLock|NumLock|ScrollLock|)$/;
/** Input elements into which nothing is typed. */
const UNTYPED = ['checkbox', 'radio', 'button', 'submit', 'reset', 'file', 'image', 'range', 'color']
  .map((type) => `:not([type=${type}])`)
  .join('');
// eslint-disable-next-line conclave/marked-words -- a selector
const TYPED_INTO = `input${UNTYPED}, textarea, select, [contenteditable]:not([contenteditable=false]), [role=textbox], [role=searchbox], [role=combobox]`;

/** What was pressed; null for a key that only changes others, and for one that an input method keeps for itself. */
export function keysOf(event: KeyboardEvent): Keys | null {
  if (composes(event) || MODIFIERS.test(event.code) || event.getModifierState('AltGraph')) return null;
  return { code: event.code, ctrl: event.ctrlKey || event.metaKey, shift: event.shiftKey, alt: event.altKey };
}

export const sameKeys = (a: Keys, b: Keys): boolean =>
  a.code === b.code && a.ctrl === b.ctrl && a.shift === b.shift && a.alt === b.alt;

/** An input method has the key: it chooses a word. Safari says so only by the number 229 once the word is chosen. */
// eslint-disable-next-line no-restricted-syntax -- this is what the rule points to
export const composes = (event: KeyboardEvent): boolean => event.isComposing || event.keyCode === 229;

/** The key belongs to a field: somebody types. */
export function isTyping(event: KeyboardEvent): boolean {
  if (composes(event)) return true;
  const [target = event.target] = event.composedPath();
  return target instanceof Element && target.closest(TYPED_INTO) !== null;
}

/** The key belongs to what has the focus there, such as a menu; a space belongs to a button as well. */
export function isTaken(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest('[role^="menu"], [role="dialog"], [role="alertdialog"]')) return true;
  const presses = event.code === 'Space' || event.code === 'Enter';
  return presses && Boolean(target?.closest('input, button, a, [role="log"], [role="tab"], [role="slider"]'));
}

/** `Ctrl+Shift+KeyM`, as it is kept. */
export const writeKeys = ({ code, ctrl, shift, alt }: Keys): string =>
  [ctrl && 'Ctrl', alt && 'Alt', shift && 'Shift', code].filter(Boolean).join('+');

/** Null for what is not ours. */
export function readKeys(text: string): Keys | null {
  const parts = text.split('+');
  const code = parts.pop() ?? '';
  if (!/^\w{1,24}$/.test(code) || parts.some((part) => !['Ctrl', 'Alt', 'Shift'].includes(part))) return null;
  return { code, ctrl: parts.includes('Ctrl'), shift: parts.includes('Shift'), alt: parts.includes('Alt') };
}
