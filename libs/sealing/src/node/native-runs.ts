/** Also runs in workers, straight from its source: only erasable syntax and no other package. */
import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { segmentAad } from '../labels.js';
import { IV_LENGTH, KEY_LENGTH, SEALED_SEGMENT_LENGTH, SEGMENT_LENGTH } from '../layout.js';
import { SUITES, type Suite } from '../suite.js';
import { aeadKeys, openSlot, sealSlot, type AeadKeys } from './aead.js';
import { loadModule, NativeUnavailable, type NativePath } from './native-module.js';

/** The native engine of one thread: runs of full segments, and nothing else. */
export interface NativeRuns {
  readonly path: string;
  /** Seals 1 to 16 full segments in place, each under an IV of its own. */
  seal(keys: AeadKeys, first: number, run: Uint8Array): void;
  /** Opens them; false, and the run wiped, when one of them fails. */
  open(keys: AeadKeys, first: number, run: Uint8Array): boolean;
  /** Of any bytes but none, as zlib has it. */
  crc32(bytes: Uint8Array): number;
}

/**
 * Loads the module and takes one of its paths: the fastest that this processor can follow, or the one named. It is believed
 * only after it has sealed, opened and summed as the portable engine does.
 */
export function nativeRuns(file: string, wanted?: string): NativeRuns {
  const module = loadModule(file);
  const path = wanted ?? module.paths.split(',')[0];
  if (!path) throw new NativeUnavailable('no-instructions', 'this processor has none of its paths');
  if (!module.paths.split(',').includes(path)) {
    throw new NativeUnavailable('no-instructions', `this processor cannot follow the path ${path}`);
  }
  const native = module.use(path);
  for (const suite of ['01', '02'] as const) {
    if (answersRight(native, suite)) continue;
    throw new NativeUnavailable('fails-its-test', `its path ${path} fails its test for suite ${suite}`);
  }
  return {
    path,
    seal: (keys, first, run) => {
      const ivs = randomBytes((run.length / SEALED_SEGMENT_LENGTH) * IV_LENGTH); // one call into the CSPRNG for the run
      withBytes(keys, (bytes) => native.seal(SUITES[keys.suite].byte, bytes, first, ivs, run));
    },
    open: (keys, first, run) => withBytes(keys, (bytes) => native.open(SUITES[keys.suite].byte, bytes, first, run)),
    crc32: (bytes) => native.crc32(bytes),
  };
}

/** MAC_KEY | ENC_KEY as long as it takes. */
function withBytes<Result>(keys: AeadKeys, work: (bytes: Uint8Array) => Result): Result {
  const [mac, encryption] = [keys.mac.export(), keys.encryption.export()];
  const bytes = new Uint8Array(2 * KEY_LENGTH);
  try {
    bytes.set(mac);
    bytes.set(encryption, KEY_LENGTH);
    return work(bytes);
  } finally {
    for (const copy of [bytes, mac, encryption]) copy.fill(0);
  }
}

/** Three segments with fixed bytes: sealed as by the portable engine, opened again, and refused once a bit is wrong. */
function answersRight(native: NativePath, suite: Suite): boolean {
  const count = 3;
  const bytes = Uint8Array.from({ length: 2 * KEY_LENGTH }, (_, at) => at);
  const ivs = Uint8Array.from({ length: count * IV_LENGTH }, (_, at) => 255 - at);
  const ours = new Uint8Array(count * SEALED_SEGMENT_LENGTH).fill(0x5a);
  const plain = ours.slice(IV_LENGTH, IV_LENGTH + SEGMENT_LENGTH);
  const run = ours.slice();
  for (let at = 0; at < count; at += 1) {
    const slot = ours.subarray(at * SEALED_SEGMENT_LENGTH, (at + 1) * SEALED_SEGMENT_LENGTH);
    slot.set(ivs.subarray(at * IV_LENGTH, (at + 1) * IV_LENGTH));
    sealSlot(aeadKeys(suite, bytes), segmentAad(at, false), slot, SEGMENT_LENGTH);
  }
  native.seal(SUITES[suite].byte, bytes, 0, ivs, run);
  if (Buffer.compare(run, ours) !== 0) return false;
  const few = run.subarray(0, SEALED_SEGMENT_LENGTH + 1);
  if (native.crc32(run) !== crc32(run) || native.crc32(few) !== crc32(few)) return false;
  const last = run.subarray((count - 1) * SEALED_SEGMENT_LENGTH);
  const damaged = run.slice();
  damaged[damaged.length - 1] = (damaged[damaged.length - 1] ?? 0) ^ 1;
  if (native.open(SUITES[suite].byte, bytes, 0, damaged) || damaged.some((byte) => byte !== 0)) return false;
  if (openSlot(aeadKeys(suite, bytes), segmentAad(count - 1, false), last)?.length !== SEGMENT_LENGTH) return false;
  if (!native.open(SUITES[suite].byte, bytes, 0, run)) return false;
  return Buffer.compare(run.subarray((count - 1) * SEGMENT_LENGTH, count * SEGMENT_LENGTH), plain) === 0;
}
