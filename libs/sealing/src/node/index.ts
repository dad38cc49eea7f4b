/** Sealing on the server: node:crypto and worker threads. */
export { BatchBuffers } from './batch-buffers.js';
export { CallingThread, type SealingLane, type SegmentBatch, type SegmentEngine, type SegmentKeys } from './engine.js';
export { deriveFileKeys, newFileKeys, type FileKeys } from './file-keys.js';
export {
  FileSealer,
  type FileSealerOptions,
  type SealedObject,
  type SealedPart,
  type SealedRun,
} from './file-sealer.js';
export type { ObjectDigests } from './object-digests.js';
export { makeManifestTag, verifyManifest } from './manifest.js';
export { SealingInterrupted, SealingPool, type SealingPoolOptions } from './pool/sealing-pool.js';
export { SealedFile, type OpenFileOptions, type ReadObject } from './sealed-file.js';
export { openSegment, sealSegment } from './segment.js';
export { openText, sealText } from './text.js';
