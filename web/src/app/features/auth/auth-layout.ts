import { Component, input } from '@angular/core';
import { LanguageChoice } from '../../shared/language/language-choice';
import { Page } from '../../shell/page';

/** One column, one thing to do, and the language below it: whoever cannot read the page finds it there. */
@Component({
  selector: 'cv-auth-layout',
  imports: [LanguageChoice, Page],
  template: `
    <cv-page width="form" [plain]="true">
      <div><ng-content /></div>
      @if (language()) {
        <footer><cv-language-choice /></footer>
      }
    </cv-page>
  `,
  styles: `
    footer {
      margin-block-start: var(--space-6);
      padding-block-start: var(--space-5);
      border-block-start: 1px solid var(--line);
    }
  `,
})
export class AuthLayout {
  /** Not where a reload would lose what is shown once. */
  readonly language = input(true);
}
