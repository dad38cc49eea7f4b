import type { IncomingHttpHeaders } from 'node:http';
import { DomainError } from '@conclave/errors';

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a request asks for a change. */
export const changesState = (method: string): boolean => !safeMethods.has(method);

/** Tells our own pages from others. SameSite alone is not enough: a sibling host is the same site. */
export class OriginPolicy {
  readonly origin: string;

  constructor(publicUrl: string) {
    this.origin = new URL(publicUrl).origin;
  }

  /**
   * A state-changing call of a browser: an Origin of ours (or, without one, same-origin fetch metadata) and the header
   * that no foreign page can set without a preflight, which we never answer.
   *
   * @throws DomainError FOREIGN_ORIGIN
   */
  requireOwnPage(headers: IncomingHttpHeaders): void {
    const fromUs =
      headers.origin === undefined ? headers['sec-fetch-site'] === 'same-origin' : headers.origin === this.origin;
    if (!fromUs || headers['x-conclave'] !== '1') throw new DomainError('FOREIGN_ORIGIN');
  }

  /** A WebSocket: browsers always send its Origin, and nothing else holds a foreign page back. @throws FOREIGN_ORIGIN */
  requireOwnSocket(headers: IncomingHttpHeaders): void {
    if (headers.origin !== this.origin) throw new DomainError('FOREIGN_ORIGIN');
  }

  /** A reading call that must not be steered from elsewhere; same-origin GETs carry no Origin. @throws FOREIGN_ORIGIN */
  refuseForeignRead(headers: IncomingHttpHeaders): void {
    const site = headers['sec-fetch-site'];
    const foreignSite = site !== undefined && site !== 'same-origin' && site !== 'none';
    const foreignOrigin = headers.origin !== undefined && headers.origin !== this.origin;
    if (foreignSite || foreignOrigin) throw new DomainError('FOREIGN_ORIGIN');
  }
}
