export { freePort } from '@conclave/servers';
export { onFileEnd, tidyUp } from './harness/cleanup.js';
export { randomName, randomSecret } from './harness/random.js';
export { s3Client, testBucket, type TestBucket } from './helpers/bucket.js';
export { testDatabase, type TestDatabase } from './helpers/database.js';
export { testLiveKit, type TestLiveKit, type TestLiveKitOptions } from './helpers/livekit.js';
export { testNats, type TestNats } from './helpers/nats.js';
export { testProduct, type TestProduct } from './helpers/product.js';
