import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.js';

const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';
const CONSONANTS = 'bdfghjklmnprstvz';
const VOWELS = 'aiou';

/** Ids and secrets, from outside; inject it by this class. */
export class Ids {
  private lastTime = 0;
  private sequence = 0;

  /** `random` is replaceable so that a test can make ids repeatable. */
  constructor(
    private readonly clock: Clock,
    private readonly random: (bytes: number) => Buffer = randomBytes,
  ) {}

  /**
   * UUIDv7 of RFC 9562, strictly increasing within this process (method 1, 12-bit counter): rows written in one
   * transaction keep the order in which they were made.
   */
  uuidv7(): string {
    const now = this.clock.now().getTime();
    const bytes = this.random(16);
    if (now > this.lastTime) {
      this.lastTime = now;
      this.sequence = bytes.readUInt16BE(6) & 0x7ff; // top bit free: room to count upwards
    } else if (++this.sequence > 0xfff) {
      this.lastTime += 1; // counter used up, or the clock went back: borrow from the next millisecond
      this.sequence = 0;
    }
    bytes.writeUIntBE(this.lastTime, 0, 6);
    bytes.writeUInt16BE(0x7000 | this.sequence, 6);
    bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
    const hex = bytes.toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  /** A 256-bit secret, base64url behind a prefix that names its kind: `randomToken('cnv_inv_')`. Store only its hash. */
  randomToken(prefix: string): string {
    return prefix + this.random(32).toString('base64url');
  }

  /** Random bytes. */
  bytes(count: number): Buffer {
    return this.random(count);
  }

  /**
   * An address of 64 unguessable bits that a person can read out: four proquints (arXiv 0901.4016), for example
   * `lusab-babad-gutih-tugad`.
   */
  slug(): string {
    const bytes = this.random(8);
    return [0, 2, 4, 6].map((offset) => proquint(bytes.readUInt16BE(offset))).join('-');
  }

  /** A code to type: groups of Crockford base32 (5 bits a character, no i, l, o, u): `code(3, 4)` has 60 bits. */
  code(groups: number, size: number): string {
    const characters = [...this.random(groups * size)].map((byte) => CROCKFORD[byte & 31]);
    return Array.from({ length: groups }, (_, i) => characters.slice(i * size, (i + 1) * size).join('')).join('-');
  }
}

/** 16 bits as consonant-vowel-consonant-vowel-consonant. */
function proquint(value: number): string {
  const consonant = (shift: number) => CONSONANTS.charAt((value >> shift) & 15);
  const vowel = (shift: number) => VOWELS.charAt((value >> shift) & 3);
  return consonant(12) + vowel(10) + consonant(6) + vowel(4) + consonant(0);
}

/** When an id was made, to the millisecond; null for one that is no UUIDv7 and does not tell. */
export function timeOfUuidv7(id: string): Date | null {
  const [, high = '', low = ''] =
    /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.exec(id) ?? [];
  return high === '' ? null : new Date(parseInt(high + low, 16));
}
