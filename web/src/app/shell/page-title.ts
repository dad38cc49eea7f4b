import { DOCUMENT, inject, Injectable } from '@angular/core';
import { Title } from '@angular/platform-browser';
import { TitleStrategy, type RouterStateSnapshot } from '@angular/router';
import { formatCount, isolated } from '../core/format';

/** "Settings, Conclave"; with what is unread before it, and a mark in the tab. */
@Injectable({ providedIn: 'root' })
export class PageTitle extends TitleStrategy {
  private readonly title = inject(Title);
  private readonly document = inject(DOCUMENT);
  private named = '';
  private unread = 0;

  override updateTitle(snapshot: RouterStateSnapshot): void {
    this.set(this.buildTitle(snapshot));
  }

  /** For pages that learn their name later, such as a room. */
  set(title: string | undefined): void {
    this.named = title ? $localize`:@@title.page:${isolated(title)}:TITLE:, Conclave` : 'Conclave';
    this.show();
  }

  /** How much waits to be read. */
  count(unread: number): void {
    if (unread === this.unread) return;
    this.unread = unread;
    this.show();
    const icon = this.document.querySelector<HTMLLinkElement>('link[rel=icon]');
    if (icon) icon.href = unread > 0 ? '/mark-unread.svg' : '/mark.svg';
  }

  private show(): void {
    this.title.setTitle(this.unread > 0 ? `(${formatCount(this.unread)}) ${this.named}` : this.named);
  }
}
