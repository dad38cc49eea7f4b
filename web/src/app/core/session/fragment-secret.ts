/**
 * A secret that comes in the fragment of a link, which no server and no log sees. It is taken out of the address before anything else
 * is loaded, so that it stands neither in history nor in a screenshot. Another one that is pasted over the page is taken the same way,
 * before the router sees it. Called once, first of all.
 */
export function takeFragment(page: string, shape: RegExp, keep: (secret: string) => void): void {
  const take = (): boolean => {
    if (location.pathname !== page) return false;
    const found = decoded(location.hash.slice(1));
    if (!shape.test(found)) return false;
    history.replaceState(history.state, '', location.pathname + location.search);
    keep(found);
    return true;
  };
  take();
  addEventListener('popstate', (event) => {
    if (take()) event.stopImmediatePropagation();
  });
  addEventListener('hashchange', take);
}

/** Some mail programs escape what they send; a fragment that is not well-formed is no token. */
function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return '';
  }
}
