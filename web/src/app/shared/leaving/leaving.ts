import { DestroyRef, inject, Injectable } from '@angular/core';
import { formatFacts } from '../../core/format';
import { Dialogs } from '../dialog/dialogs';

/**
 * What going away would cost. `lost`: gone, by whatever way one goes. `ends`: ends by going, which is what leaving on purpose means.
 * `kept`: there again in this tab, lost only with it.
 */
export type Cost = 'lost' | 'ends' | 'kept';

interface Hold {
  readonly cost: Cost;
  /** In words, or null while it costs nothing. */
  readonly why: () => string | null;
}

/** Asks before somebody goes away from something that is typed or running: by Back, by reload, by closing, by leaving. */
@Injectable({ providedIn: 'root' })
export class Leaving {
  private readonly dialogs = inject(Dialogs);
  private readonly holds = new Set<Hold>();
  private asking: Promise<boolean> | null = null;

  constructor() {
    // The browser has words of its own for this.
    addEventListener('beforeunload', (event) => {
      if (this.reasons(['lost', 'ends', 'kept']).length > 0) event.preventDefault();
    });
  }

  /** Holds people back as long as `why` has words for it. Call it where things are injected. */
  hold(cost: Cost, why: () => string | null): void {
    const hold = { cost, why };
    this.holds.add(hold);
    inject(DestroyRef).onDestroy(() => this.holds.delete(hold));
  }

  /** True when nothing is in the way, or the person goes all the same. */
  ask(costs: readonly Cost[]): Promise<boolean> {
    const reasons = this.reasons(costs);
    if (reasons.length === 0) return Promise.resolve(true);
    // Back pressed twice asks once.
    this.asking ??= this.dialogs
      .confirm({
        title: $localize`:@@leaving.title:Go away from here?`,
        text: formatFacts(reasons),
        action: $localize`:@@leaving.go:Go away`,
      })
      .finally(() => (this.asking = null));
    return this.asking;
  }

  private reasons(costs: readonly Cost[]): readonly string[] {
    return [...this.holds].flatMap(({ cost, why }) => (costs.includes(cost) ? (why() ?? []) : []));
  }
}
