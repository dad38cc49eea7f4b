/** What a key press means in the meeting. */
export type ShortcutAction = 'microphone' | 'camera' | 'chat' | 'people' | 'help';

/** For the help sheet. */
export const SHORTCUTS = [
  { keys: 'Ctrl D', does: 'Microphone on or off' },
  { keys: 'Ctrl E', does: 'Camera on or off' },
  { keys: 'Hold Space or V', does: 'Speak while held, when muted' },
  { keys: 'Ctrl Shift M', does: 'Chat' },
  { keys: 'Ctrl Shift P', does: 'People' },
  { keys: 'Ctrl Shift /', does: 'This help' },
] as const;

/** Reads a key press; Command counts as Ctrl. */
export function actionOf(event: KeyboardEvent): ShortcutAction | null {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.repeat) return null;
  const key = event.key.toLowerCase();
  if (!event.shiftKey) return key === 'd' ? 'microphone' : key === 'e' ? 'camera' : null;
  if (key === 'm') return 'chat';
  if (key === 'p') return 'people';
  return key === '/' || key === '?' || event.code === 'Slash' ? 'help' : null;
}

/** Space and V mean "speak while held" only where they would do nothing else: not while typing, not on a button. */
export function isPushToTalk(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
  if (event.code !== 'Space' && event.code !== 'KeyV') return false;
  const target = event.target instanceof Element ? event.target : null;
  return (
    !target?.closest(
      'input, textarea, select, [contenteditable], [role^="menu"], [role="dialog"], [role="alertdialog"]',
    ) && !(event.code === 'Space' && target?.closest('button, a, [role="log"], [role="tab"]'))
  );
}
