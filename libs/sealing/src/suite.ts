/**
 * The two suites a container may be sealed with. Both are AES-256-CBC, then HMAC (RFC 7518 s5.2); they differ in the hash.
 * `01` is exactly A256CBC-HS512; `02` is faster where the processor has SHA-256 instructions.
 * The byte in the header decides on reading, configuration decides on writing.
 */
export const SUITES = {
  '01': { byte: 1, hash: 'sha512', webHash: 'SHA-512' },
  '02': { byte: 2, hash: 'sha256', webHash: 'SHA-256' },
} as const;

/** A suite as configuration and logs write it. */
export type Suite = keyof typeof SUITES;

/** The suite of a header's suite byte, or undefined for one this version does not know. */
export function suiteOfByte(byte: number | undefined): Suite | undefined {
  if (byte === SUITES['01'].byte) return '01';
  if (byte === SUITES['02'].byte) return '02';
  return undefined;
}
