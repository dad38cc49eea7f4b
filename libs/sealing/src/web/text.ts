import { concat, utf8, type Bytes } from '../bytes.js';
import { fileIntegrity } from '../integrity.js';
import { TEXT_VERSION, textAad, textKeysInfo } from '../labels.js';
import { KEY_LENGTH } from '../layout.js';
import { SUITES, suiteOfByte, type Suite } from '../suite.js';
import { hkdf, openBytes, sealBytes, webAeadKeys, type WebAeadKeys } from './aead.js';

async function keysFor(suite: Suite, key: Uint8Array, label: string): Promise<WebAeadKeys> {
  const info = textKeysInfo(label, SUITES[suite].byte);
  const bytes = await hkdf(suite, key, new Uint8Array(0), info, 2 * KEY_LENGTH);
  try {
    return await webAeadKeys(suite, bytes);
  } finally {
    bytes.fill(0);
  }
}

/** Seals a short text; the same bytes as on the server: version 1 | suite | IV | E | T. */
export async function sealText(
  suite: Suite,
  key: Uint8Array,
  label: string,
  aad: Uint8Array,
  text: string,
): Promise<Bytes> {
  const { byte } = SUITES[suite];
  const sealed = await sealBytes(await keysFor(suite, key, label), textAad(label, byte, aad), utf8(text));
  return concat(Uint8Array.of(TEXT_VERSION, byte), sealed);
}

/** Opens sealed text of either suite, or refuses it with FILE_INTEGRITY. */
export async function openText(key: Uint8Array, label: string, aad: Uint8Array, sealed: Uint8Array): Promise<string> {
  const suite = suiteOfByte(sealed[1]);
  if (sealed[0] !== TEXT_VERSION || suite === undefined) throw fileIntegrity('unknown kind of sealed text');
  const keys = await keysFor(suite, key, label);
  const plaintext = await openBytes(keys, textAad(label, SUITES[suite].byte, aad), concat(sealed.subarray(2)));
  if (plaintext === null) throw fileIntegrity('sealed text does not verify');
  return new TextDecoder().decode(plaintext);
}
