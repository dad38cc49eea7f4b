/** The key ladder: KEK -> room key -> DEK. Server only. */
export { KeyUnwrapRefused, WRAPPED_LENGTH, unwrapKey, wrapKey } from './aes-kw.js';
export { addBindingSql, bindingOfNewKeys, bindingStep, bindNewKeys, neverUsedSql } from './binding-step.js';
export { unwrapFor, wrapFor, type BoundKey } from './bound-key.js';
export { createKekCheckSql, recordKeks, requireKnownKeks, requireSameKeks, type KekCheckRows } from './kek-check.js';
export { kekCheckValue } from './kek-check-value.js';
export { KekDirectoryRefused, loadKekDirectory } from './kek-directory.js';
export { KekRing } from './kek-ring.js';
export { kekVersionPattern, type KekConfig } from './kek-version.js';
export { KeyCache, type KeyCacheOptions } from './key-cache.js';
export {
  KekVersionUnknown,
  type KeyEncryption,
  type RootKey,
  type RootPlace,
  type WrappedKey,
} from './key-encryption.js';
export { Binding, type KeyPlace } from './key-place.js';
export { fileKeyRows, kekCheckRows, wrappedKeyRows, type KeysSql, type RootKeyTable } from './key-rows.js';
export { newDek, newRootKey, openDek, openRootKey, type FilePlace, type NewKey } from './ladder.js';
export { kekPreflight, loadProvenKeks, type WithKeysSql } from './proven-keks.js';
export { rewrapCommand, type RewrapStep } from './rewrap-command.js';
export {
  bindFileKeys,
  rotateRootKeys,
  type FileKeyRow,
  type RootKeyRow,
  type RotationCount,
  type WrappedKeyRows,
} from './rotation.js';
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
