export * as auth from './auth.js';
export * as common from './common.js';
export * as files from './files.js';
export * as rooms from './rooms.js';
export { alternativesOf, fieldRules, isId, type FieldRules } from './field-rules.js';
export { comments } from './gen/comments.js';
export { messageCheck, zeroFiller, type MessageCheck } from './message-check.js';
export { eventFromJson, eventKinds, eventToJson, kindOf, type EventInit, type EventKind } from './events.js';
export {
  accessOf,
  isRepeatable,
  methodTable,
  services,
  subjectOf,
  type MethodRow,
  type ServiceName,
} from './methods.js';
export {
  holdersOf,
  isPermission,
  needsPresence,
  organisationRoles,
  permissionRow,
  permissions,
  permissionsOf,
  permissionsOver,
  refusalAt,
  roleHas,
  roomRoles,
  type OrganisationRole,
  type Permission,
  type PermissionRow,
  type RoomRole,
  type RoomStanding,
} from './permissions.js';
export { addressProofs, addressProofToWire, readAddressProof, type AddressProof } from './address-proof.js';
export { roleFromWire, roleToWire } from './room-roles.js';
export { stayEndFromWire, stayEndOf, stayEndToWire, type StayEnd } from './stay-ends.js';
export { reasonFromWire, reasonToWire } from './reasons.js';
export { audiencesInside, isFor, roomEventJson, typesFor, type Hearer, type RoomEventJson } from './room-events.js';
export { broadcastPattern, broadcasts, broadcastTable, roomShards } from './subjects.js';
export {
  create,
  fromBinary,
  toBinary,
  type DescField,
  type DescMessage,
  type DescMethod,
  type DescService,
  type Message,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
export { timestampDate, timestampFromDate, type Timestamp } from '@bufbuild/protobuf/wkt';
