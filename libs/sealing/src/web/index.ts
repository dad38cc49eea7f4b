/** Sealing in a browser: WebCrypto, the same objects as the server's. No import of a Node module, here or below. */
export { WebCallingThread, type WebBatch, type WebEngine } from './engine.js';
export { deriveFileKeys, newFileKeys, type WebFileKeys } from './file-keys.js';
export { makeManifestTag, verifyManifest } from './manifest.js';
export { openStream, type OpenStreamOptions } from './open-stream.js';
export type { WebWorker } from './pool/messages.js';
export { SealingWorkers, type SealingWorkersOptions } from './pool/sealing-workers.js';
export { startWorker } from './pool/start-worker.js';
export { SealingInterrupted } from '../refusals.js';
export { openText, sealText } from './text.js';
export { WebFileSealer, type WebFileSealerOptions } from './web-file-sealer.js';
