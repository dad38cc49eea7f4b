import { Component, inject, signal } from '@angular/core';
import { isolated } from '../../core/format';
import { keysOf } from '../../core/keys/key-press';
import { SHORTCUT_ACTIONS, Shortcuts, type ShortcutAction } from '../../core/keys/shortcuts';

const WORDS: Record<ShortcutAction, string> = {
  microphone: $localize`:@@keys.microphone:Microphone on or off`,
  camera: $localize`:@@keys.camera:Camera on or off`,
  talk: $localize`:@@keys.talk:Hold to speak, when muted`,
  chat: $localize`:@@keys.chat:Chat`,
  people: $localize`:@@keys.people:People`,
  help: $localize`:@@keys.help:This help`,
};

/** What the keyboard does in a meeting, and the way to change it: in the help sheet and in the settings. */
@Component({
  selector: 'cv-shortcut-list',
  template: `
    <label class="check">
      <input type="checkbox" [checked]="shortcuts.on()" (change)="shortcuts.turn($any($event.target).checked)" />
      <span
        ><b i18n="@@keys.on">Use keyboard shortcuts</b
        ><small class="muted" i18n="@@keys.onHint">In a meeting. They never act while you type.</small></span
      >
    </label>
    <ul [class.off]="!shortcuts.on()" i18n-aria-label="@@keys.list" aria-label="Shortcuts">
      @for (action of actions; track action) {
        <li>
          <span>{{ words[action] }}</span>
          @if (asked() === action) {
            <button
              class="btn asked"
              type="button"
              (keydown)="pressed($event, action)"
              (blur)="asked.set(null)"
              i18n="@@keys.press"
            >
              Press the keys…
            </button>
          } @else {
            <button class="btn" type="button" [disabled]="!shortcuts.on()" (click)="ask(action, $event)">
              @for (keys of shortcuts.keysFor(action); track keys) {
                @if (!$first) {
                  <span class="or" i18n="@@keys.or">or</span>
                }
                <kbd
                  ><bdi>{{ keys }}</bdi></kbd
                >
              } @empty {
                <span i18n="@@keys.none">None</span>
              }
              <span class="visually-hidden" i18n="@@keys.change">, change the keys for: {{ words[action] }}</span>
            </button>
          }
        </li>
      }
    </ul>
    <p class="muted" role="status">{{ line() }}</p>
    @if (shortcuts.changed()) {
      <button class="btn" type="button" (click)="shortcuts.reset()" i18n="@@keys.reset">
        Back to the keys of Conclave
      </button>
    }
  `,
  styles: `
    ul {
      display: grid;
      margin-block: var(--space-3);
    }
    li {
      display: flex;
      justify-content: space-between;
      align-items: center;
      gap: var(--space-4);
      padding: var(--space-1h) 0;
      border-top: 1px solid var(--line);
    }
    li:first-child {
      border-top: 0;
    }
    .off li > span {
      color: var(--ink-2);
    }
    .or {
      color: var(--ink-2);
      font-weight: 450;
    }
    kbd {
      font: 550 var(--text-sm) var(--font);
    }
    p {
      min-height: 1.4em;
      font-size: var(--text-sm);
    }
  `,
})
export class ShortcutList {
  protected readonly shortcuts = inject(Shortcuts);
  protected readonly actions = SHORTCUT_ACTIONS;
  protected readonly words = WORDS;
  /** The action that waits for its keys. */
  protected readonly asked = signal<ShortcutAction | null>(null);
  protected readonly line = signal('');

  protected ask(action: ShortcutAction, event: Event): void {
    const row = (event.currentTarget as HTMLElement).parentElement;
    this.asked.set(action);
    this.line.set(
      $localize`:@@keys.how:Press what you want to use. Escape changes nothing, Delete leaves it without keys.`,
    );
    // The button that listens stands in the same place a moment later.
    setTimeout(() => row?.querySelector<HTMLElement>('.asked')?.focus());
  }

  protected pressed(event: KeyboardEvent, action: ShortcutAction): void {
    const keys = keysOf(event);
    // Tab goes on, and what is chosen here does nothing else.
    if (event.code === 'Tab' || !keys) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.code === 'Escape') return this.done(event, '');
    const clears = event.code === 'Delete' || event.code === 'Backspace';
    const taken = this.shortcuts.give(action, clears ? null : keys);
    if (taken === 'browser')
      return this.line.set($localize`:@@keys.kept:The page itself needs this key. Press another.`);
    if (taken)
      return this.line.set(
        $localize`:@@keys.taken:These keys are taken by “${isolated(WORDS[taken])}:WORDS:”. Press others.`,
      );
    this.done(event, $localize`:@@keys.saved:Saved on this device.`);
  }

  private done({ target }: Event, line: string): void {
    const row = (target as HTMLElement).parentElement;
    this.asked.set(null);
    this.line.set(line);
    setTimeout(() => row?.querySelector('button')?.focus());
  }
}
