import { inject, Injectable } from '@angular/core';
import { Title } from '@angular/platform-browser';
import { TitleStrategy, type RouterStateSnapshot } from '@angular/router';
import { isolated } from '../core/format';

/** "Settings, Conclave". */
@Injectable({ providedIn: 'root' })
export class PageTitle extends TitleStrategy {
  private readonly title = inject(Title);

  override updateTitle(snapshot: RouterStateSnapshot): void {
    this.set(this.buildTitle(snapshot));
  }

  /** For pages that learn their name later, such as a room. */
  set(title: string | undefined): void {
    this.title.setTitle(title ? $localize`:@@title.page:${isolated(title)}:TITLE:, Conclave` : 'Conclave');
  }
}
