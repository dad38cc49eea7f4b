import { Component } from '@angular/core';
import { ShortcutList } from '../../shared/keys/shortcut-list';

@Component({
  selector: 'cv-keyboard-section',
  imports: [ShortcutList],
  styleUrl: './section.css',
  template: `
    <section class="card" aria-labelledby="keyboard-title">
      <div>
        <h2 id="keyboard-title" i18n="@@settings.keyboard">Keyboard</h2>
        <p class="intro" i18n="@@settings.keyboardIntro">It holds for this device.</p>
      </div>
      <cv-shortcut-list />
    </section>
  `,
})
export class KeyboardSection {}
