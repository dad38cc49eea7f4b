import { TestBed } from '@angular/core/testing';
import { Shortcuts, type ShortcutAction } from './shortcuts';

interface Press extends KeyboardEventInit {
  readonly in?: string;
}

/** Presses a key in an element of that markup, or in the page, and answers what it means. */
function press(
  { in: markup = '<p></p>', ...init }: Press,
  shortcuts = TestBed.inject(Shortcuts),
): ShortcutAction | null {
  document.body.replaceChildren(document.createRange().createContextualFragment(markup));
  const target = document.body.querySelector('[autofocus]') ?? document.body.firstElementChild ?? document.body;
  let action: ShortcutAction | null = null;
  const hear = (event: KeyboardEvent) => (action = shortcuts.actionOf(event));
  document.addEventListener('keydown', hear);
  target.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, composed: true, ...init }));
  document.removeEventListener('keydown', hear);
  return action;
}

const D = { code: 'KeyD', key: 'd', ctrlKey: true };

describe('a key in a meeting', () => {
  beforeEach(() => localStorage.clear());

  it.each<[Press, ShortcutAction | null]>([
    [D, 'microphone'],
    [{ ...D, ctrlKey: false, metaKey: true }, 'microphone'],
    [{ code: 'KeyE', ctrlKey: true }, 'camera'],
    [{ code: 'KeyM', ctrlKey: true, shiftKey: true }, 'chat'],
    [{ code: 'KeyP', ctrlKey: true, shiftKey: true }, 'people'],
    [{ code: 'Slash', ctrlKey: true, shiftKey: true }, 'help'],
    [{ code: 'Space', key: ' ' }, 'talk'],
    [{ code: 'KeyV', key: 'v' }, 'talk'],
    [{ ...D, shiftKey: true }, null],
    [{ ...D, altKey: true }, null],
    [{ ...D, repeat: true }, null],
    [{ ...D, isComposing: true }, null],
    [{ ...D, keyCode: 229 }, null],
    [{ ...D, modifierAltGraph: true }, null],
    [{ code: 'ControlLeft', key: 'Control', ctrlKey: true }, null],
  ])('%j means %s', (init, action) => expect(press(init)).toBe(action));

  it.each([
    ['a layout of Russia', { code: 'KeyD', key: 'в', ctrlKey: true }, 'microphone'],
    ['a layout of Greece', { code: 'KeyE', key: 'ε', ctrlKey: true }, 'camera'],
    ['Dvorak', { code: 'KeyD', key: 'e', ctrlKey: true }, 'microphone'],
    ['a layout of Germany', { code: 'Slash', key: '_', ctrlKey: true, shiftKey: true }, 'help'],
  ] as const)('is the same on %s', (_layout, init, action) => expect(press(init)).toBe(action));

  it.each([
    '<input>',
    '<input type="search">',
    '<input type="number">',
    '<textarea></textarea>',
    '<select><option>1</option></select>',
    '<div contenteditable><b autofocus></b></div>',
    '<div contenteditable="plaintext-only" autofocus></div>',
    '<div role="textbox" tabindex="0"></div>',
    '<div role="combobox" tabindex="0"></div>',
  ])('belongs to the field while one types: %s', (markup) => {
    for (const init of [
      D,
      { code: 'KeyE', ctrlKey: true },
      { code: 'KeyM', ctrlKey: true, shiftKey: true },
      { code: 'KeyV' },
    ])
      expect(press({ ...init, in: markup })).toBeNull();
  });

  it.each([
    '<button autofocus>Leave</button>',
    '<input type="checkbox">',
    '<div role="menu"><button role="menuitem" autofocus></button></div>',
    '<div role="dialog"><p autofocus></p></div>',
  ])('belongs to what it presses: %s', (markup) => expect(press({ code: 'Space', key: ' ', in: markup })).toBeNull());

  it('works beside a box to tick, into which nothing is typed', () =>
    expect(press({ ...D, in: '<input type="checkbox">' })).toBe('microphone'));
});

describe('the keys of a person', () => {
  beforeEach(() => localStorage.clear());
  const fresh = () => {
    TestBed.resetTestingModule();
    return TestBed.inject(Shortcuts);
  };
  const keys = (code: string) => ({ code, ctrl: false, shift: false, alt: false });

  it('are their own choice, kept on the device', () => {
    expect(fresh().give('microphone', keys('KeyM'))).toBeNull();
    const later = fresh();
    expect([press({ code: 'KeyM', key: 'm' }, later), press(D, later)]).toEqual(['microphone', null]);
    expect(later.changed()).toBe(true);
    later.reset();
    expect([press(D, fresh()), fresh().changed()]).toEqual(['microphone', false]);
  });

  it('are switched off as a whole, and one by one', () => {
    const shortcuts = fresh();
    shortcuts.give('talk', null);
    expect([press({ code: 'Space' }, shortcuts), press(D, shortcuts)]).toEqual([null, 'microphone']);
    shortcuts.turn(false);
    expect(press(D, fresh())).toBeNull();
    expect(fresh().hint('microphone')).toBeNull();
  });

  it('do one thing each, and never what the page needs', () => {
    const shortcuts = fresh();
    expect(shortcuts.give('camera', { code: 'KeyD', ctrl: true, shift: false, alt: false })).toBe('microphone');
    for (const code of ['Enter', 'Tab', 'Space']) expect(shortcuts.give('camera', keys(code))).not.toBeNull();
    expect(shortcuts.changed()).toBe(false);
  });

  it('are what they were at first where the device keeps something else', () => {
    localStorage.setItem('conclave.keys', '{"on":"x","keys":{"microphone":["<b>"],"camera":7}}');
    const shortcuts = fresh();
    expect([press(D, shortcuts), press({ code: 'KeyE', ctrlKey: true }, shortcuts)]).toEqual([null, 'camera']);
  });

  it('are called as the layout has them', () => {
    const shortcuts = fresh();
    expect(shortcuts.keysFor('help')).toEqual(['Ctrl Shift /']);
    press({ code: 'Slash', key: '-' }, shortcuts);
    press({ code: 'KeyM', key: ',' }, shortcuts);
    expect([shortcuts.keysFor('help'), shortcuts.hint('chat')]).toEqual([['Ctrl Shift -'], 'Ctrl Shift ,']);
    expect(shortcuts.keysFor('talk')).toEqual(['Space', 'V']);
  });
});
