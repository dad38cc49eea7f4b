import { inject } from '@angular/core';
import { Router, type CanActivateFn } from '@angular/router';
import { Session } from './session';

/** Lets the signed in pass and sends others to sign-in, which brings them back. An unreachable server is shown by the page itself. */
export const signedIn: CanActivateFn = async (_route, state) => {
  const session = inject(Session);
  const router = inject(Router);
  if ((await session.ensure()) !== 'signed-out') return true;
  return router.createUrlTree(['/sign-in'], { queryParams: state.url === '/' ? {} : { returnUrl: state.url } });
};
