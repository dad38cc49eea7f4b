import { Component } from '@angular/core';
import { TopBar } from '../../shell/top-bar';

/** One column, one thing to do. */
@Component({
  selector: 'cv-auth-layout',
  imports: [TopBar],
  template: `<cv-top-bar [plain]="true" />
    <main><ng-content /></main>`,
  styles: `
    main {
      max-width: 468px;
      margin: 0 auto;
      padding: clamp(16px, 6vh, 72px) 24px 48px;
    }
  `,
})
export class AuthLayout {}
