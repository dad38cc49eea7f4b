/** What a key press means in the meeting. */
export type ShortcutAction = 'microphone' | 'camera' | 'chat' | 'people' | 'help';

/** For the help sheet. Keys are marked too: a keyboard in German has Strg and Leertaste. */
export const SHORTCUTS: readonly { readonly keys: string; readonly does: string }[] = [
  {
    keys: $localize`:@@meeting.keysMicrophone:Ctrl D`,
    does: $localize`:@@meeting.doesMicrophone:Microphone on or off`,
  },
  { keys: $localize`:@@meeting.keysCamera:Ctrl E`, does: $localize`:@@meeting.doesCamera:Camera on or off` },
  {
    keys: $localize`:@@meeting.keysTalk:Hold Space or V`,
    does: $localize`:@@meeting.doesTalk:Speak while held, when muted`,
  },
  { keys: $localize`:@@meeting.keysChat:Ctrl Shift M`, does: $localize`:@@meeting.chat:Chat` },
  { keys: $localize`:@@meeting.keysPeople:Ctrl Shift P`, does: $localize`:@@meeting.people:People` },
  { keys: $localize`:@@meeting.shortcutHelp:Ctrl Shift /`, does: $localize`:@@meeting.doesHelp:This help` },
];

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
