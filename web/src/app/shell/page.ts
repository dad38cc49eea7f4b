import { Component, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Icon } from '../shared/icon/icon';
import { TopBar } from './top-bar';

/** The frame of every page outside the meeting: the bar, and a column as wide as what stands in it needs. */
@Component({
  selector: 'cv-page',
  imports: [Icon, RouterLink, TopBar],
  template: `
    <cv-top-bar [plain]="plain()" />
    <main [class]="width()" [class.way-back]="back()">
      @if (back()) {
        <a class="back" routerLink="/"
          ><cv-icon class="small along" name="arrow-left" /><span i18n="@@shell.back">Your rooms</span></a
        >
      }
      @if (heading()) {
        <h1 dir="auto">{{ heading() }}</h1>
      }
      <ng-content />
    </main>
  `,
  styles: `
    main {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: var(--space-5);
      margin-inline: auto;
      padding: var(--space-10) var(--space-6) var(--space-16);
    }
    .form {
      max-width: 468px;
      padding-block: clamp(var(--space-4), 6vh, var(--space-16)) var(--space-12);
    }
    .text {
      max-width: 720px;
    }
    .wide {
      max-width: 1040px;
    }
    .way-back {
      padding-block-start: var(--space-6);
    }
    h1 {
      overflow-wrap: anywhere;
    }
    .back {
      display: inline-flex;
      align-items: center;
      gap: var(--space-1h);
      min-height: 44px;
      justify-self: start;
      color: var(--ink-2);
      text-decoration: none;
      font-size: var(--text-sm);
      font-weight: 550;
    }
    .back:hover {
      color: var(--ink);
    }
    @media (max-width: 720px) {
      main {
        padding: var(--space-6) var(--space-4) var(--space-12);
      }
      .way-back {
        padding-block-start: var(--space-3);
      }
    }
  `,
})
export class Page {
  /** A form of one column, text with forms, or a list. */
  readonly width = input<'form' | 'text' | 'wide'>('text');
  /** What the page is about; a page whose heading holds more puts its own h1 inside. */
  readonly heading = input('');
  /** With the way back to one's rooms. */
  readonly back = input(false);
  /** Without a line below the bar: for pages that are one thing. */
  readonly plain = input(false);
}
