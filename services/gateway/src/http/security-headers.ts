import { randomBytes } from 'node:crypto';

/** What a page may use; everything powerful that is not named as ours is switched off. */
const permissions = [
  ...['camera', 'microphone', 'display-capture', 'fullscreen', 'keyboard-map', 'screen-wake-lock'].map(
    (name) => `${name}=(self)`,
  ),
  ...['publickey-credentials-get', 'publickey-credentials-create'].map((name) => `${name}=(self)`),
  ...[
    'accelerometer',
    'ambient-light-sensor',
    'attribution-reporting',
    'bluetooth',
    'browsing-topics',
    'clipboard-read',
    'geolocation',
    'gyroscope',
    'hid',
    'identity-credentials-get',
    'idle-detection',
    'local-fonts',
    'magnetometer',
    'midi',
    'otp-credentials',
    'payment',
    'serial',
    'storage-access',
    'usb',
    'window-management',
    'xr-spatial-tracking',
  ].map((name) => `${name}=()`),
].join(', ');

/** Where browsers report what the policy stopped. */
export const cspReportsPath = '/api/v1/csp-reports';

/** On every answer. HSTS only where we are reached by https: a browser must ignore it on http anyway. */
export function commonHeaders(publicUrl: string): Readonly<Record<string, string>> {
  return {
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': permissions,
    ...(publicUrl.startsWith('https:') && { 'strict-transport-security': 'max-age=63072000; includeSubDomains' }),
  };
}

/** Nothing in an answer of the API is ever a page. */
export const apiPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** A file is bytes, whatever it says it is. */
export const contentPolicy = "sandbox; default-src 'none'";

/** 128 random bits for one response. */
export const newNonce = (): string => randomBytes(16).toString('base64');

/** The page's policy, as the security design fixes it. */
export const pagePolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types angular angular#bundler conclave-worker',
    'report-to csp',
  ].join('; ');

/** Headers of a page with that nonce. */
export const pageHeaders = (nonce: string): Readonly<Record<string, string>> => ({
  'content-security-policy': pagePolicy(nonce),
  'reporting-endpoints': `csp="${cspReportsPath}"`,
  'cache-control': 'no-store',
});
