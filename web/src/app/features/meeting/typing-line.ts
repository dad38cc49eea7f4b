import { Component, computed, inject } from '@angular/core';
import { isolated } from '../../core/format';
import { Typing } from './typing';

/** Who is typing, in a line that keeps its place. Read out politely, and not with every change. */
@Component({
  selector: 'cv-typing-line',
  template: `
    <p role="status" [attr.aria-live]="typing.quiet() ? 'off' : 'polite'">
      @if (typing.names().length > 0) {
        <span i18n="@@chat.typing">{typing.names().length, plural,
          =1 {{{ first() }} is typing…}
          =2 {{{ first() }} and {{ second() }} are typing…}
          other {Several people are typing…}
        }</span>
      }
    </p>
  `,
  styles: `
    p {
      min-height: 1.4em;
      padding-inline: var(--space-4);
      font-size: var(--text-xs);
      line-height: 1.4;
      color: var(--ink-2);
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
  `,
})
export class TypingLine {
  protected readonly typing = inject(Typing);
  protected readonly first = computed(() => isolated(this.typing.names()[0] ?? ''));
  protected readonly second = computed(() => isolated(this.typing.names()[1] ?? ''));
}
