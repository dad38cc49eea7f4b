export { buildInfo, type BuildInfo } from './build-info.js';
export { Clock, FixedClock, FollowingClock, SystemClock } from './clock.js';
export { ConfigError, type ConfigProblem } from './config/config-error.js';
export { loadConfig } from './config/load-config.js';
export { type Environment, parseConfig } from './config/parse-config.js';
export {
  base64Secret,
  commonKeys,
  flag,
  integer,
  logLevel,
  migrationMode,
  port,
  secret,
  url,
} from './config/schemas.js';
export { type EmailAddress, emailKey, readEmailAddress } from './email-address.js';
export { type HealthCheck, HealthRegistry, type HealthReport, type ReadinessState } from './health/health-registry.js';
export { InternalServer } from './health/internal-server.js';
export { HttpDrain } from './http-drain.js';
export { Ids, timeOfUuidv7 } from './ids.js';
export { networkOf } from './network.js';
export { openBox, sealBox } from './secrets/sealed-box.js';
export { commonPasswords, isCommonPassword } from './secrets/common-passwords.js';
export { BoundedQueue } from './limits/bounded-queue.js';
export { FairQueue, type FairQueueLimits, type Turn } from './limits/fair-queue.js';
export { ExpiringCache, type ExpiringCacheOptions } from './limits/expiring-cache.js';
export { type RateDecision, type RateLimit, RateLimiter } from './limits/rate-limiter.js';
export { describeError, type DescribedError } from './logging/describe-error.js';
export { type LogFields, shortHash } from './logging/fields.js';
export { createLogger, Logger, type LoggerOptions, silentLogger } from './logging/logger.js';
export { NestLogger } from './logging/nest-logger.js';
export { looksSensitive, scrub } from './logging/scrub.js';
export { Metrics, type Outcome } from './metrics/metrics.js';
export type { Counter, Gauge, Histogram } from 'prom-client';
export { OperatorError } from './operator-error.js';
export { clockCheck, httpClock, type OtherClock } from './preflight/clocks.js';
export { type PreflightCheck, preflightCommand, type PreflightResult, runChecks } from './preflight/preflight.js';
export { PlatformModule, type PlatformOptions } from './platform.module.js';
export { leaseMs, type LeaseTerms, type LeaseTime, PresenceLease, renewEveryMs } from './presence-lease.js';
export { type IncomingScope, RequestScope, type RequestScopeValues } from './scope/request-scope.js';
export { childTrace, formatTraceparent, newTrace, parseTraceparent, type TraceContext } from './scope/traceparent.js';
export { holdUntilClosed, sever } from './sever.js';
export { Shutdown, type ShutdownOptions, type ShutdownPhase } from './shutdown.js';
export { type SpanAttributes, type SpanFacts } from './tracing/span-facts.js';
export { samplerRatio, startTracing } from './tracing/start-tracing.js';
export { type EnteredSpan, type OpenSpan, type SpanParent, type SpanRecorder, Tracing } from './tracing/tracing.js';
