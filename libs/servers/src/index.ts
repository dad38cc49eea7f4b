export { pins, modulesFolder, type Pin, type ServerName } from './pins.js';
export { cacheFolder, withLock } from './find/cache.js';
export { engineCommand } from './find/engine.js';
export { imageOf, obtainImage } from './find/image.js';
export { unwatchContainer, watchContainer } from './process/guard.js';
export { removeLeftContainers } from './process/left-containers.js';
export { findServer, ServerNotFound, type FindOptions, type Refusal, type ServerBinary } from './find/find-server.js';
export { ensureGo } from './find/go-toolchain.js';
export { findServers } from './find/find-servers.js';
export { findSealingModule, type FindModuleOptions, type SealingModule } from './find/sealing-module.js';
export { isAlive, startedAt } from './process/alive.js';
export { ManagedProcess, baseEnvironment, type Exit, type ProcessOptions } from './process/managed-process.js';
export { freePort, isFree } from './process/ports.js';
export { httpOk } from './process/probes.js';
export { run, runOrThrow } from './process/run.js';
export { postgresAccount } from './postgres/account.js';
export {
  databaseRoles,
  keysRole,
  provisionDatabase,
  provisionRoles,
  type DatabaseOwner,
  type DatabaseRole,
} from './postgres/provision.js';
export { adminClient, dataMajor, startPostgres, superuser, type RunningPostgres } from './postgres/start.js';
export {
  allowLists,
  busUsers,
  inboxPrefix,
  type BroadcastRow,
  type BusUser,
  type CallRow,
  type Permissions,
} from './nats/allow-list.js';
export { natsAuthorization } from './nats/authorization.js';
export { natsConfig } from './nats/config.js';
export { createNatsUsers, startNats, type NatsUser, type RunningNats } from './nats/start.js';
export { bucketPolicy, ensureBucket, ensureBucketUser, s3Region, type MinioRoot } from './minio/provision.js';
export { startMinio, type RunningMinio } from './minio/start.js';
export { ensureSeaweedUser } from './seaweedfs/provision.js';
export { startSeaweed, type RunningSeaweed } from './seaweedfs/start.js';
export { signV4, type S3Credentials } from './minio/sigv4.js';
export { interfaceOf, liveKitConfig, type LiveKitKey } from './livekit/config.js';
export { startLiveKit, type LiveKitOptions, type RunningLiveKit } from './livekit/start.js';
export { SharedPort } from './process/shared-port.js';
export { Balancer } from './process/balancer.js';
export { redisConfig } from './redis/config.js';
export { redisAnswers, startRedis, type RedisOptions, type RunningRedis } from './redis/start.js';
export { Supervised, type SupervisedState } from './process/supervised.js';
export { filesBucket, serviceEnvironment, webhookPath, type EnvironmentFacts } from './product/environment.js';
export { DatabasesGone } from './product/databases.js';
export { choosePorts, type ProductPorts } from './product/ports.js';
export type { ProductOptions } from './product/options.js';
export { startProduct, type RunningProduct } from './product/product.js';
export { baseName, largestScale, replicaNames, serviceOf, single, type Scale } from './product/scale.js';
export { dataOwner, ForeignData, type DataOwner } from './product/ownership.js';
export { ensureSecrets, SecretDamaged, type Secrets } from './product/secrets.js';
export { ProcessFailed } from './process/process-failed.js';
export { isWellKnown, publicKeyOf, secretKinds, type SecretKind, type SecretKindName } from './product/secret-kinds.js';
export { productServices, type ProductService } from './product/services.js';
