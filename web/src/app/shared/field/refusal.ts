import { computed, signal } from '@angular/core';
import type { FieldTree, TreeValidationResult } from '@angular/forms/signals';
import type { ErrorReason } from '@conclave/errors';
import { asProblem } from '../../core/api/problem';
import { lineFor } from '../../core/words';
import { stillSo } from './still-so';

/**
 * What the server said to the last try of a form. A reason about one field becomes that field's error and holds the form back
 * until the field is changed. Any other stays a line of its own for as long as it is so: as an error of the form it would forbid to
 * try again with the same values, which is what one does when the network is back.
 */
export class Refusal {
  private readonly error = signal<unknown>(null);
  private readonly still = stillSo(this.error, () => this.typed());
  readonly line = computed(() => (this.still() === null ? '' : lineFor(this.still())));

  /** With the values of its form. */
  constructor(private readonly typed: () => unknown) {}

  /** Runs what a form does; answers what its `action` has to. */
  async of(
    act: () => Promise<unknown>,
    places: Partial<Record<ErrorReason, FieldTree<string>>> = {},
  ): Promise<TreeValidationResult> {
    this.error.set(null);
    try {
      await act();
      return undefined;
    } catch (error) {
      const fieldTree = places[asProblem(error).reason];
      if (fieldTree) return { kind: 'refused', message: lineFor(error), fieldTree };
      this.error.set(error);
      return undefined;
    }
  }

  forget(): void {
    this.error.set(null);
  }
}
