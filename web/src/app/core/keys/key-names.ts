import { Injectable, signal } from '@angular/core';
import { pageLanguage } from '../locale/page-language';
import type { Keys } from './key-press';

/** What a keyboard of the United States has where no other is known. */
const SIGNS: Readonly<Record<string, string>> = {
  Slash: '/',
  Backslash: '\\',
  Period: '.',
  Comma: ',',
  Semicolon: ';',
  Quote: '’',
  Minus: '-',
  Equal: '=',
  BracketLeft: '[',
  BracketRight: ']',
  Backquote: '`',
  IntlBackslash: '<',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
};

/** The browser's knowledge of the layout, where it shares it. */
interface KeyboardWithLayout {
  getLayoutMap?(): Promise<Iterable<readonly [string, string]>>;
}

/** How keys are called on the keyboard in front of this person. */
@Injectable({ providedIn: 'root' })
export class KeyNames {
  /** By place: what the browser told, and what was seen when a key was pressed alone. */
  private readonly layout = signal<ReadonlyMap<string, string>>(new Map());
  private readonly mac = /Mac|iPhone|iPad/.test(navigator.userAgent);

  constructor() {
    void this.askBrowser();
  }

  /** Ctrl Shift M, in the words of the page and the letters of the layout. */
  of({ code, ctrl, shift, alt }: Keys): string {
    const held = [
      ctrl && (this.mac ? '⌘' : $localize`:@@keys.ctrl:Ctrl`),
      alt && (this.mac ? '⌥' : $localize`:@@keys.alt:Alt`),
      shift && $localize`:@@keys.shift:Shift`,
    ];
    return [...held, this.nameOf(code)].filter(Boolean).join(' ');
  }

  /** Learns what a key writes where the browser does not tell. */
  learn({ code, key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): void {
    const alone = !ctrlKey && !metaKey && !altKey && !shiftKey;
    if (!alone || [...key].length !== 1 || key === ' ' || this.layout().get(code) === key) return;
    this.layout.update((layout) => new Map(layout).set(code, key));
  }

  private nameOf(code: string): string {
    if (code === 'Space') return $localize`:@@keys.space:Space`;
    const written = this.layout().get(code) ?? SIGNS[code] ?? code.replace(/^(Key|Digit)(?=.$)/, '');
    return written.toLocaleUpperCase(pageLanguage());
  }

  private async askBrowser(): Promise<void> {
    const { keyboard } = navigator as { keyboard?: KeyboardWithLayout };
    // Refused where the page is in a frame of another; the letters of the United States stand then, until one is pressed.
    const map = await keyboard?.getLayoutMap?.().catch(() => null);
    if (map) this.layout.update((learned) => new Map([...map, ...learned]));
  }
}
