import { effect, inject, linkedSignal, signal, type Signal } from '@angular/core';
import { asProblem } from '../../core/api/problem';
import { Network } from '../../core/device/network';

/**
 * What was refused, for as long as it is so; null once it is mended. A try that came too soon is mended by time, one that nothing
 * answered by the network that is back, anything else by whoever changes what they had typed. Call where injection is possible.
 */
export function stillSo(error: () => unknown, typed: () => unknown): Signal<unknown> {
  const { online } = inject(Network);
  const waitedFor = signal<unknown>(null);
  effect((onCleanup) => {
    const refused = error();
    const { retryAfterSeconds } = asProblem(refused);
    if (refused === null || !retryAfterSeconds) return;
    const timer = setTimeout(() => waitedFor.set(refused), retryAfterSeconds * 1_000);
    onCleanup(() => clearTimeout(timer));
  });
  const now = () => ({ error: error(), typed: typed(), online: online(), waitedFor: waitedFor() });
  return linkedSignal<ReturnType<typeof now>, unknown>({
    source: now,
    computation: (now, before) => {
      if (now.error === null || !before || before.source.error !== now.error) return now.error;
      const { offline, retryAfterSeconds } = asProblem(now.error);
      const mended = retryAfterSeconds
        ? now.waitedFor === now.error
        : offline
          ? now.online && !before.source.online
          : now.typed !== before.source.typed;
      return mended ? null : before.value;
    },
  });
}
