import { Component, inject, input } from '@angular/core';
import type { Paged } from '../../core/list/paged-list';
import { Toasts } from '../toast/toasts';

/** Offers the rest of a list, as long as there is one. Its content says of what. */
@Component({
  selector: 'cv-show-more',
  template: `
    @if (pages().hasMore()) {
      <button class="btn" type="button" [disabled]="pages().loadingMore()" (click)="more()"><ng-content /></button>
    }
  `,
  styles: `
    :host {
      display: grid;
      justify-content: center;
    }
    .btn {
      margin-block: var(--space-3);
    }
  `,
})
export class ShowMore {
  readonly pages = input.required<Paged>();
  private readonly toasts = inject(Toasts);

  protected async more(): Promise<void> {
    try {
      await this.pages().more();
    } catch (error) {
      this.toasts.fail(error);
    }
  }
}
