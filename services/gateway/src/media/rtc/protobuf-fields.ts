/** One field of a message as it lies on the wire. */
export interface WireField {
  readonly number: number;
  /** The value of a number, where the field is one; bytes where it is text, bytes or a message. */
  readonly value: number | Buffer;
}

const varint = 0;
const fixed64 = 1;
const lengthDelimited = 2;
const fixed32 = 5;

/**
 * The fields of a protobuf message, one after another, without knowing the message; undefined where the bytes are none. Enough to see
 * which fields there are, which is all that a door needs to know of what it passes on.
 */
export function wireFields(bytes: Buffer): readonly WireField[] | undefined {
  const fields: WireField[] = [];
  let at = 0;
  /** A number of up to 64 bits; beyond 2^53 it is only skipped, for no field or length here is that large. */
  const number = (): number | undefined => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = bytes[at++];
      if (byte === undefined) return undefined;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return undefined;
  };
  const take = (length: number | undefined): Buffer | undefined => {
    if (length === undefined || length > bytes.length - at) return undefined;
    at += length;
    return bytes.subarray(at - length, at);
  };
  const read = (kind: number): number | Buffer | undefined => {
    switch (kind) {
      case varint:
        return number();
      case fixed64:
        return take(8);
      case lengthDelimited:
        return take(number());
      case fixed32:
        return take(4);
      default:
        return undefined;
    }
  };
  while (at < bytes.length) {
    const tag = number();
    if (tag === undefined || tag > 0xffff_ffff || tag < 8) return undefined;
    const value = read(tag & 7);
    if (value === undefined) return undefined;
    fields.push({ number: tag >>> 3, value });
  }
  return fields;
}
