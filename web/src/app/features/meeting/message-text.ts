import { Directive, effect, ElementRef, inject, input } from '@angular/core';
import { linkParts } from './chat-log';

/** Fills an element with a message: text nodes and links, no markup from outside, and no white space that was not written. */
@Directive({ selector: '[cvMessageText]' })
export class MessageText {
  readonly text = input.required<string>({ alias: 'cvMessageText' });
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  constructor() {
    effect(() =>
      this.element.replaceChildren(...linkParts(this.text()).map(({ text, href }) => (href ? link(text, href) : text))),
    );
  }
}

function link(text: string, href: string): HTMLAnchorElement {
  const element = document.createElement('a');
  element.href = href;
  element.target = '_blank';
  element.rel = 'noopener noreferrer nofollow';
  element.textContent = text;
  return element;
}
