/**
 * Where to go after sign-in. Only a path of this app counts: an address that leads elsewhere would make our sign-in page a
 * stepping stone for someone else's.
 */
export function safeReturnUrl(wanted: string | null | undefined): string {
  if (!wanted || !wanted.startsWith('/') || wanted.startsWith('//') || wanted.includes('\\')) return '/';
  const base = 'https://conclave.invalid';
  try {
    const url = new URL(wanted, base);
    if (url.origin !== base) return '/';
    if (url.pathname === '/sign-in' || url.pathname === '/sign-up') return '/';
    return url.pathname + url.search + url.hash;
  } catch {
    return '/';
  }
}
