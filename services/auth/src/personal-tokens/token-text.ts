/**
 * 32 characters, 5 bits each. Left out are 1, i, l (one another's doubles) and o, which is read as 0: a token survives
 * handwriting and telephones.
 */
const alphabet = '023456789abcdefghjkmnpqrstuvwxyz';
const prefix = 'cnv_';
const bits = 256;
const characters = Math.ceil(bits / 5);
const group = 5;

const shape = new RegExp(`^${prefix}[${alphabet}]{${characters}}$`);

/** Writes 32 random bytes as a token: `cnv_7qk2f-m3xzt-…`. */
export function writePersonalToken(secret: Buffer): string {
  if (secret.length !== bits / 8) throw new Error(`a personal token has ${bits} bits`);
  let text = '';
  let buffer = 0;
  let held = 0;
  for (const byte of secret) {
    buffer = (buffer << 8) | byte;
    held += 8;
    while (held >= 5) {
      held -= 5;
      text += alphabet.charAt((buffer >> held) & 31);
    }
    buffer &= (1 << held) - 1;
  }
  if (held > 0) text += alphabet.charAt((buffer << (5 - held)) & 31);
  return prefix + (text.match(new RegExp(`.{1,${group}}`, 'g')) ?? []).join('-');
}

/** The token without grouping, in the form that is stored; undefined when this cannot be one. */
export function readPersonalToken(typed: string): string | undefined {
  const plain = typed
    .normalize('NFKC')
    .replace(/[\s\p{Pd}]/gu, '')
    .toLowerCase();
  const token = prefix + plain.slice(prefix.length).replaceAll('o', '0');
  return plain.startsWith(prefix) && shape.test(token) ? token : undefined;
}
