import { Global, Module } from '@nestjs/common';
import { AuthMetrics } from './auth-metrics.js';

/** The figures of auth, one set per process. */
@Global()
@Module({ providers: [AuthMetrics], exports: [AuthMetrics] })
export class AuthMetricsModule {}
