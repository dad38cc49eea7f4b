/** The polynomial of CRC-32 (ISO-HDLC, as in zlib, PNG and S3), its bits in reverse. */
const POLYNOMIAL = 0xedb88320;
/** x to the power of 0 and of 8. */
const ONE = 0x80000000;
const ONE_BYTE = 0x00800000;

/** The product of two polynomials modulo the one above. */
function multiply(left: number, right: number): number {
  let product = 0;
  let shifted = right;
  for (let bit = ONE; bit !== 0; bit >>>= 1) {
    if ((left & bit) !== 0) product ^= shifted;
    shifted = (shifted & 1) === 0 ? shifted >>> 1 : (shifted >>> 1) ^ POLYNOMIAL;
  }
  return product >>> 0;
}

/**
 * The CRC-32 of two byte strings one behind the other, from that of each and the length of the second: the first is shifted by as
 * many zero bytes, in as many steps as the length has bits.
 */
export function combineCrc32(first: number, second: number, secondLength: number): number {
  let shift = ONE;
  let square = ONE_BYTE;
  for (let left = secondLength; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) shift = multiply(shift, square);
    square = multiply(square, square);
  }
  return (multiply(shift, first) ^ second) >>> 0;
}
