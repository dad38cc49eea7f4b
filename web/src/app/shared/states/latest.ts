import { computed, linkedSignal, signal, type Resource, type Signal } from '@angular/core';

/**
 * The last value that a resource had. A resource forgets its value when a reload fails, and reading it then throws; a page keeps
 * what it shows, and says beside it what went wrong. `of` says what the value belongs to, such as the room's slug: when that
 * changes the old value is forgotten.
 */
export function latest<T>(
  resource: Resource<T | undefined>,
  of: Signal<unknown> = signal(null),
): Signal<T | undefined> {
  const newest = linkedSignal<{ of: unknown; value: T | undefined }, { of: unknown; value: T | undefined }>({
    source: () => ({ of: of(), value: resource.hasValue() ? resource.value() : undefined }),
    computation: (now, before) =>
      before && now.value === undefined && before.value.of === now.of ? before.value : now,
  });
  return computed(() => newest().value);
}
