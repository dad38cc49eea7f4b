import { Component } from '@angular/core';
import { DialogShell } from '../../shared/dialog/dialog-shell';
import type { Dialogs } from '../../shared/dialog/dialogs';
import { ShortcutList } from '../../shared/keys/shortcut-list';

/** What the keyboard can do in a meeting. */
@Component({
  selector: 'cv-shortcuts-dialog',
  imports: [DialogShell, ShortcutList],
  template: `
    <cv-dialog-shell i18n-heading="@@meeting.shortcuts" heading="Keyboard shortcuts">
      <cv-shortcut-list />
    </cv-dialog-shell>
  `,
})
export class ShortcutsDialog {}

export function showShortcuts(dialogs: Dialogs): void {
  void dialogs.open(ShortcutsDialog, { panelClass: ['cv-dialog', 'narrow'] });
}
