import { Component } from '@angular/core';
import { DialogShell } from '../../shared/dialog/dialog-shell';
import type { Dialogs } from '../../shared/dialog/dialogs';
import { SHORTCUTS } from './shortcuts';

/** What the keyboard can do in a meeting. */
@Component({
  selector: 'cv-shortcuts-dialog',
  imports: [DialogShell],
  template: `
    <cv-dialog-shell i18n-heading="@@meeting.shortcuts" heading="Keyboard shortcuts">
      <dl>
        @for (shortcut of shortcuts; track shortcut.keys) {
          <div>
            <dt>{{ shortcut.does }}</dt>
            <dd>
              <kbd dir="ltr">{{ shortcut.keys }}</kbd>
            </dd>
          </div>
        }
      </dl>
    </cv-dialog-shell>
  `,
  styles: `
    dl div {
      display: flex;
      justify-content: space-between;
      gap: var(--space-4);
      padding: var(--space-2h) 0;
      border-top: 1px solid var(--line);
    }
    dl div:first-child {
      border-top: 0;
    }
    dd {
      margin: 0;
    }
    kbd {
      font: 550 var(--text-sm) var(--font);
      color: var(--ink-2);
    }
  `,
})
export class ShortcutsDialog {
  protected readonly shortcuts = SHORTCUTS;
}

export function showShortcuts(dialogs: Dialogs): void {
  void dialogs.open(ShortcutsDialog, { panelClass: ['cv-dialog', 'narrow'] });
}
