import { computed } from '@angular/core';
import { nameKey } from '@conclave/contracts/visible';
import { formatCount } from '../../core/format';

export interface Named {
  readonly id: string;
  readonly name: string;
}

/**
 * Tells apart people whose names a reader takes for one: by person, the number that stands behind the name. The account that was there
 * first has none; ids go up in the order of accounts, so the numbers are the same on every screen.
 */
export function namesakesOf(people: Iterable<Named>): ReadonlyMap<string, string> {
  const ids = new Map<string, Set<string>>();
  for (const { id, name } of people) {
    const key = nameKey(name);
    ids.set(key, (ids.get(key) ?? new Set()).add(id));
  }
  const numbers = [...ids.values()].flatMap((same) =>
    [...same]
      .sort()
      .map((id, index) => [id, formatCount(index + 1)] as const)
      .slice(1),
  );
  return new Map(numbers);
}

/** Who is who among the people of a place: whoever shows names there provides it with all whom it knows. */
export class Namesakes {
  private readonly numbers = computed(() => namesakesOf(this.people()));

  constructor(private readonly people: () => Iterable<Named>) {}

  /** What stands behind the name of this person; null where no other has it. */
  of(userId: string): string | null {
    return this.numbers().get(userId) ?? null;
  }

  /** The name with what tells it from others, for labels and questions. */
  label({ userId, name }: { readonly userId: string; readonly name: string }): string {
    const number = this.of(userId);
    return number === null ? name : `${name} ${number}`;
  }
}
