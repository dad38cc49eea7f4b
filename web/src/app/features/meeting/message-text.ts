import { Directive, effect, ElementRef, inject, input } from '@angular/core';
import { linkParts } from './links';

/** Fills an element with a message: text nodes and links, no markup from outside, and no white space that was not written. */
@Directive({ selector: '[cvMessageText]' })
export class MessageText {
  readonly text = input.required<string>({ alias: 'cvMessageText' });
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  constructor() {
    effect(() => this.element.replaceChildren(...partsOf(this.text())));
  }
}

/** Links are decoration: whatever goes wrong while they are made, the words are shown. */
function partsOf(text: string): (string | HTMLElement)[] {
  try {
    return linkParts(text).map((part) => (part.href === null ? part.text : link(part.text, part.href)));
  } catch {
    return [text];
  }
}

function link(text: string, href: string): HTMLAnchorElement {
  const element = document.createElement('a');
  element.href = href;
  element.target = '_blank';
  element.rel = 'noopener noreferrer nofollow';
  // An address is read from left to right, and turns nothing that stands beside it.
  element.dir = 'ltr';
  element.textContent = text;
  const { hostname } = new URL(href);
  // A host in letters that look like others is told in the letters that the network uses.
  if (!text.toLowerCase().includes(hostname)) element.title = href;
  return element;
}
