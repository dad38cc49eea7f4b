import { Injectable } from '@angular/core';

const SHAPE = /^cnv_inv_[\w-]{8,200}$/;

/**
 * An invitation on its way to being accepted. The token comes in the fragment, which no server and no log sees, and stays in
 * memory; over sign-in and sign-up it lives as long as the page does.
 */
@Injectable({ providedIn: 'root' })
export class PendingInvitation {
  private token: string | null = null;

  /** Takes the token out of the address, so that it stays neither in history nor in a screenshot. */
  takeFromAddress(): string | null {
    const fragment = decoded(location.hash.slice(1));
    if (SHAPE.test(fragment)) {
      this.token = fragment;
      history.replaceState(history.state, '', location.pathname + location.search);
    }
    return this.token;
  }

  forget(): void {
    this.token = null;
  }
}

/** Some mail programs escape what they send; a fragment that is not well-formed is no token. */
function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return '';
  }
}
