/** Sealing in a browser: WebCrypto, the same objects as the server's. No import of a Node module, here or below. */
export { deriveFileKeys, newFileKeys, type WebFileKeys } from './file-keys.js';
export { makeManifestTag, openStream, sealStream, verifyManifest } from './object.js';
export { openSegment, sealSegment } from './segment.js';
export { openText, sealText } from './text.js';
