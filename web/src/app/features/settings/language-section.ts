import { Component } from '@angular/core';
import { LanguageChoice } from '../../shared/language/language-choice';

@Component({
  selector: 'cv-language-section',
  imports: [LanguageChoice],
  styleUrl: './section.css',
  template: `
    <section class="card" aria-labelledby="language-title">
      <div>
        <h2 id="language-title" i18n="@@language.title">Language</h2>
        <p class="intro" i18n="@@language.intro">
          It holds for this browser. The page loads again in it, so choose before you enter a meeting: inside one it
          stays as it is.
        </p>
      </div>
      <cv-language-choice />
    </section>
  `,
})
export class LanguageSection {}
