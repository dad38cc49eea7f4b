import { computed, inject, Injectable, signal } from '@angular/core';
import { keep, keptFacts } from '../device/kept';
import { KeyNames } from './key-names';
import { isTaken, isTyping, keysOf, readKeys, sameKeys, writeKeys, type Keys } from './key-press';

/** What keys do in a meeting. `talk` speaks while held. */
export type ShortcutAction = 'microphone' | 'camera' | 'talk' | 'chat' | 'people' | 'help';

const AT_FIRST: Readonly<Record<ShortcutAction, readonly string[]>> = {
  microphone: ['Ctrl+KeyD'],
  camera: ['Ctrl+KeyE'],
  talk: ['Space', 'KeyV'],
  chat: ['Ctrl+Shift+KeyM'],
  people: ['Ctrl+Shift+KeyP'],
  help: ['Ctrl+Shift+Slash'],
};

/** In the order of the help sheet. */
export const SHORTCUT_ACTIONS = Object.keys(AT_FIRST) as ShortcutAction[];

/** Keys that move through a page or press what has the focus: taking them would take the page away. */
const KEPT = new Set(['Tab', 'Enter', 'NumpadEnter', 'Escape']);

const STORED = 'conclave.keys';

interface Choices {
  readonly on: boolean;
  readonly keys: Readonly<Record<ShortcutAction, readonly Keys[]>>;
}

/** Which keys do what: the person's own choice, kept on this device. */
@Injectable({ providedIn: 'root' })
export class Shortcuts {
  private readonly names = inject(KeyNames);
  private readonly choices = signal(recall());

  /** False where the person wants none. */
  readonly on = computed(() => this.choices().on);
  readonly changed = computed(() =>
    SHORTCUT_ACTIONS.some((action) => this.written(action) !== AT_FIRST[action].join()),
  );

  /** What a key press means; null while somebody types, and for all that is nobody's. */
  actionOf(event: KeyboardEvent): ShortcutAction | null {
    this.names.learn(event);
    if (!this.on() || event.repeat || isTyping(event)) return null;
    const pressed = keysOf(event);
    if (!pressed) return null;
    const action = this.ownerOf(pressed);
    const bare = !pressed.ctrl && !pressed.alt;
    return action && bare && isTaken(event) ? null : action;
  }

  /** How the keys of an action are called here; empty where it has none. */
  keysFor(action: ShortcutAction): readonly string[] {
    return this.choices().keys[action].map((keys) => this.names.of(keys));
  }

  /** For a tooltip: the first of them, or null where there is none to press. */
  hint(action: ShortcutAction): string | null {
    return this.on() ? (this.keysFor(action)[0] ?? null) : null;
  }

  /** Gives an action these keys, or none. Answers who has them already, and changes nothing then. */
  give(action: ShortcutAction, keys: Keys | null): ShortcutAction | 'browser' | null {
    if (keys) {
      const owner = this.ownerOf(keys);
      if (owner && owner !== action) return owner;
      // A space presses what has the focus; only holding it is something else.
      if (KEPT.has(keys.code) || (keys.code === 'Space' && action !== 'talk')) return 'browser';
    }
    this.store({ ...this.choices(), keys: { ...this.choices().keys, [action]: keys ? [keys] : [] } });
    return null;
  }

  turn(on: boolean): void {
    this.store({ ...this.choices(), on });
  }

  reset(): void {
    this.store({ on: true, keys: keysFrom({}) });
  }

  private ownerOf(pressed: Keys): ShortcutAction | null {
    const { keys } = this.choices();
    return SHORTCUT_ACTIONS.find((action) => keys[action].some((one) => sameKeys(one, pressed))) ?? null;
  }

  private written(action: ShortcutAction): string {
    return this.choices().keys[action].map(writeKeys).join();
  }

  private store(choices: Choices): void {
    this.choices.set(choices);
    const keys = Object.fromEntries(SHORTCUT_ACTIONS.map((action) => [action, choices.keys[action].map(writeKeys)]));
    keep(STORED, JSON.stringify({ on: choices.on, keys }));
  }
}

function recall(): Choices {
  const { on, keys } = keptFacts(STORED);
  const known = typeof keys === 'object' && keys !== null ? (keys as Record<string, unknown>) : {};
  return { on: on !== false, keys: keysFrom(known) };
}

function keysFrom(stored: Readonly<Record<string, unknown>>): Choices['keys'] {
  const of = (action: ShortcutAction) => {
    const kept = stored[action];
    const written: readonly unknown[] = Array.isArray(kept) ? kept : AT_FIRST[action];
    return written.flatMap((text) => (typeof text === 'string' ? (readKeys(text) ?? []) : []));
  };
  return Object.fromEntries(SHORTCUT_ACTIONS.map((action) => [action, of(action)])) as unknown as Choices['keys'];
}
