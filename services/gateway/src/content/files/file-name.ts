import { invalidArgument } from '@conclave/errors';

/** ext-value of RFC 8187 with UTF-8: `UTF-8''` and attr-chars or percent-encoded bytes; no language. */
const extValue = /^UTF-8''((?:[A-Za-z0-9!#$&+\-.^_`|~]|%[0-9A-Fa-f]{2})+)$/i;

const longestHeader = 4096;
const longestName = 255;

/**
 * The name in an X-File-Name header. What a name may hold, the file service decides; here it must be well-formed UTF-8
 * of 1 to 255 code points, so that no half character and no header trick travels on.
 *
 * @throws DomainError INVALID_ARGUMENT, field X-File-Name
 */
export function decodeFileName(header: string | string[] | undefined): string {
  if (typeof header !== 'string' || header.length > longestHeader) throw invalidArgument('X-File-Name');
  const encoded = extValue.exec(header)?.[1];
  if (encoded === undefined) throw invalidArgument('X-File-Name');
  let name: string;
  try {
    name = decodeURIComponent(encoded);
  } catch {
    throw invalidArgument('X-File-Name');
  }
  if (name.includes('\0') || [...name].length > longestName) throw invalidArgument('X-File-Name');
  return name;
}

/** A name as an ext-value. */
export function encodeFileName(name: string): string {
  const bytes = new TextEncoder().encode(name);
  let encoded = '';
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    encoded += /[A-Za-z0-9!#$&+\-.^_`|~]/.test(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return `UTF-8''${encoded}`;
}

/** Content-Disposition that makes every browser save and never show, with a plain name for old ones. */
export function attachment(name: string): string {
  const plain =
    name
      .replace(/[^A-Za-z0-9 ._-]/g, '_')
      .replace(/^[. ]+/, '_')
      .slice(0, 150) || 'file';
  return `attachment; filename="${plain}"; filename*=${encodeFileName(name)}`;
}
