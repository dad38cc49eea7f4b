export * from './gen/conclave/auth/v1/accounts_pb.js';
export * from './gen/conclave/auth/v1/addresses_pb.js';
export * from './gen/conclave/auth/v1/feed_pb.js';
export * from './gen/conclave/auth/v1/people_pb.js';
export * from './gen/conclave/auth/v1/personal_tokens_pb.js';
export * from './gen/conclave/auth/v1/recovery_pb.js';
export * from './gen/conclave/auth/v1/sessions_pb.js';
export * from './gen/conclave/auth/v1/signing_keys_pb.js';
