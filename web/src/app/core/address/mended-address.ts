import { Injectable } from '@angular/core';
import { DefaultUrlSerializer, type UrlTree } from '@angular/router';

/**
 * A part of an address as we would have written it: small letters, plain hyphens, and at its ends none of the brackets, quotes, full
 * stops and escapes that hands, phones and mail programs put there. No address of ours has any of these.
 */
export function mendedSegment(segment: string): string {
  return decoded(segment)
    .toLowerCase()
    .replace(/[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/gu, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/gu, '');
}

/** The same for a whole path; an escaped space within is where a line was broken. */
export function mendedPath(path: string): string {
  const segments = path.split('/').map((segment) => mendedSegment(decoded(segment).replace(/\s+/gu, '')));
  return `/${segments.filter(Boolean).join('/')}`;
}

/** How the router reads addresses. What was mended stands mended in the address bar. */
@Injectable()
export class MendedAddresses extends DefaultUrlSerializer {
  override parse(url: string): UrlTree {
    const end = url.search(/[?#]/);
    return end < 0 ? super.parse(mendedPath(url)) : super.parse(mendedPath(url.slice(0, end)) + url.slice(end));
  }
}

/** What is not well escaped stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
