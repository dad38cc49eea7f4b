import { inject, Injector } from '@angular/core';
import type { CanDeactivateFn } from '@angular/router';

/** For the routes of pages where something may run. What asks is loaded with those pages, not with the app. */
export const mayLeave: CanDeactivateFn<unknown> = async () => {
  const injector = inject(Injector);
  const { Leaving } = await import('./leaving');
  return injector.get(Leaving).ask(['lost', 'ends']);
};
