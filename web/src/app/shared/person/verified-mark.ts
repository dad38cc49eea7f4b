import { Component, computed, input } from '@angular/core';
import { Icon } from '../icon/icon';

/** Whether somebody's address is proven: a mark with its words, green only where it is. It stands beside the name. */
@Component({
  selector: 'cv-verified-mark',
  imports: [Icon],
  template: `<cv-icon class="small" [name]="verified() ? 'badge-check' : 'badge-question-mark'" />`,
  host: { role: 'img', '[attr.aria-label]': 'words()', '[title]': 'words()', '[class.proven]': 'verified()' },
  styles: `
    :host {
      display: inline-grid;
      vertical-align: -2px;
      color: var(--person-quiet, var(--ink-2));
    }
    :host(.proven) {
      color: var(--person-proven, var(--sealed));
    }
  `,
})
export class VerifiedMark {
  readonly verified = input.required<boolean>();
  protected readonly words = computed(() => verifiedWords(this.verified()));
}

/** What the mark says, for the labels that stand in place of a name. */
export const verifiedWords = (verified: boolean): string =>
  verified ? $localize`:@@person.verified:Verified` : $localize`:@@person.notVerified:Not verified`;
