/** What the build writes where each response's nonce goes. */
const placeholder = '__CSP_NONCE__';

/**
 * The page as it leaves us. Our policy says `base-uri 'none'` and `'strict-dynamic'`, so a `<base>` counts for nothing
 * and a script runs only by its nonce: addresses become absolute, and every tag that loads or holds code gets the nonce.
 */
export class IndexPage {
  private readonly parts: readonly string[];

  constructor(html: string) {
    this.parts = prepared(html).split(placeholder);
  }

  /** The page for one response. */
  withNonce(nonce: string): string {
    return this.parts.join(nonce);
  }
}

function prepared(html: string): string {
  return html
    .replace(/<(script|style)\b(?![^>]*\bnonce=)/gi, `<$1 nonce="${placeholder}"`)
    .replace(/<link\b(?=[^>]*\brel="?modulepreload)(?![^>]*\bnonce=)/gi, `<link nonce="${placeholder}"`)
    .replace(/(<(?:script|link)\b[^>]*?\b(?:src|href)=")(?!\/|[a-z][a-z0-9+.-]*:|#)(?:\.\/)?/gi, '$1/');
}
