/** Sealing on the server: node:crypto and worker threads. */
export type { ByteSource } from '../assemble.js';
export { BatchBuffers } from './batch-buffers.js';
export { openCheckpoint, sealCheckpoint, type Checkpoint, type CheckpointOwner } from './checkpoint.js';
export {
  CallingThread,
  type SealBatch,
  type SealedBatch,
  type SegmentBatch,
  type SegmentEngine,
  type SegmentKeys,
} from './engine.js';
export { deriveFileKeys, newFileKeys, type FileKeys } from './file-keys.js';
export { FileSealer, type FileSealerOptions, type ResumeSealerOptions, type SealedObject } from './file-sealer.js';
export { ENGINE_WISHES, PORTABLE, chooseEngine, type EngineChoice, type EngineWish } from './choose-engine.js';
export { NativeUnavailable } from './native-module.js';
export { makeManifestTag, verifyManifest } from './manifest.js';
export { SealingInterrupted } from '../refusals.js';
export { SealingPool, type SealingPoolOptions } from './pool/sealing-pool.js';
export { SealedFile, type OpenFileOptions, type ReadObject } from './sealed-file.js';
export type { SealedPart, SealedRun } from './sealed-run.js';
export { openSegment, sealSegment } from './segment.js';
export { openNote, openText, sealNote, sealText } from './text.js';
