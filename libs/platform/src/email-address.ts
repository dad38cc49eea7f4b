import { domainToASCII } from 'node:url';
import { invalidArgument } from '@conclave/errors';

/** RFC 5321: 64 octets before the @, 254 in all (a path of 256 less its brackets). */
const maxLocalOctets = 64;
const maxOctets = 254;

/** RFC 5322 dot-atom with the letters of RFC 6531; quoted forms are left out, nobody types them. */
const localPart = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;

/** Looked at before the URL standard is: that drops line feeds and invisible characters without a word. */
const plainDomain = /^[\p{L}\p{M}\p{N}.-]+$/u;

/** At least two labels of letters, digits and inner hyphens, the last not a number (that would be an IP address). */
const asciiDomain = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])$/;

/** An e-mail address in its two forms. */
export interface EmailAddress {
  /** As typed, NFC and trimmed, with the domain in lower case. */
  readonly address: string;
  /** What makes it unique: all lower case, the domain in its ASCII form. Two addresses with one key are one account. */
  readonly key: string;
}

/**
 * Reads an address as typed.
 *
 * @throws DomainError INVALID_ARGUMENT for field `email`
 */
export function readEmailAddress(typed: string): EmailAddress {
  const text = typed.trim().normalize('NFC');
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(at, 0));
  const domain = text.slice(at + 1).toLowerCase();
  const ascii = plainDomain.test(domain) ? domainToASCII(domain) : '';
  const address = `${local}@${domain}`;
  if (!localPart.test(local) || !asciiDomain.test(ascii) || ascii.length > 253) throw invalidArgument('email');
  if (octets(local) > maxLocalOctets || octets(address) > maxOctets) throw invalidArgument('email');
  return { address, key: `${local.normalize('NFKC').toLowerCase()}@${ascii}` };
}

/** The key of an address, for comparison with another; empty, which is nobody's, for what is no address. */
export function emailKey(typed: string): string {
  try {
    return readEmailAddress(typed).key;
  } catch {
    return '';
  }
}

const octets = (text: string): number => Buffer.byteLength(text);
