const SHAPE = /^cnv_inv_[\w-]{8,200}$/;
const KEY = 'conclave.invitation';

let token: string | null = null;
let hear: () => void = () => undefined;

/**
 * An invitation comes in the fragment, which no server and no log sees. It is taken out of the address before anything else is
 * loaded, so that it stands neither in history nor in a screenshot, and kept for this tab: sign-up may take a reload. Another one
 * that is pasted over the page is taken the same way, before the router sees it. Called once, first of all.
 */
export function takeInvitations(): void {
  take();
  addEventListener('popstate', (event) => {
    if (take()) event.stopImmediatePropagation();
  });
  addEventListener('hashchange', take);
}

/** The newest invitation of this tab. */
export function invitationToken(): string | null {
  try {
    return (token ??= sessionStorage.getItem(KEY));
  } catch {
    return token;
  }
}

/** Calls whenever another one has come, until told otherwise. */
export function onInvitation(listener: () => void): () => void {
  hear = listener;
  return () => (hear = () => undefined);
}

export function forgetInvitation(): void {
  keep(null);
}

function take(): boolean {
  if (location.pathname !== '/invite') return false;
  const found = decoded(location.hash.slice(1));
  if (!SHAPE.test(found)) return false;
  history.replaceState(history.state, '', location.pathname + location.search);
  keep(found);
  hear();
  return true;
}

function keep(value: string | null): void {
  token = value;
  try {
    if (value) sessionStorage.setItem(KEY, value);
    else sessionStorage.removeItem(KEY);
  } catch {
    // It lives as long as the page then.
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
