export * from './gen/conclave/files/v1/feed_pb.js';
export * from './gen/conclave/files/v1/files_pb.js';
export * from './gen/conclave/files/v1/uploads_pb.js';
