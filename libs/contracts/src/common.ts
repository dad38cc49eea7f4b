export * from './gen/conclave/common/v1/address_pb.js';
export * from './gen/conclave/common/v1/errors_pb.js';
export * from './gen/conclave/common/v1/feed_pb.js';
export * from './gen/conclave/common/v1/options_pb.js';
