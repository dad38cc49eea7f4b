/** The key ladder: KEK -> room key -> DEK. Server only. */
export { KeyUnwrapRefused, WRAPPED_LENGTH, unwrapKey, wrapKey } from './aes-kw.js';
export { createKekCheckSql, recordKeks, requireKnownKeks, requireSameKeks, type KekCheckRows } from './kek-check.js';
export { kekCheckValue } from './kek-check-value.js';
export { kekCheckRows, wrappedKeyRows, type KeysSql, type RootKeyTable } from './kek-check-rows.js';
export { KekDirectoryRefused, loadKekDirectory } from './kek-directory.js';
export { KekRing } from './kek-ring.js';
export { kekVersionPattern, type KekConfig } from './kek-version.js';
export { KeyCache, type KeyCacheOptions } from './key-cache.js';
export { KekVersionUnknown, type KeyEncryption, type RootKey, type WrappedKey } from './key-encryption.js';
export { newDek, newRootKey, openDek, type NewKey } from './ladder.js';
export { kekPreflight, loadProvenKeks, type WithKeysSql } from './proven-keks.js';
export { rewrapCommand } from './rewrap-command.js';
export { rotateRootKeys, type RotationCount, type WrappedKeyRows } from './rotation.js';
export {
  Dek,
  KEY_LENGTH,
  Kek,
  MessageKey,
  RoomKey,
  SecretKey,
  cloneKey,
  generateKey,
  type KeyClass,
} from './secret-key.js';
