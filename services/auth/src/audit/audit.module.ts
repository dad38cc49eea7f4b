import { Global, Module } from '@nestjs/common';
import { ChainedAudit } from '../adapters/chained-audit.js';
import { AuthAudit } from './auth-audit.js';

/** The trail of authentication events; every feature writes to it. */
@Global()
@Module({ providers: [{ provide: AuthAudit, useClass: ChainedAudit }], exports: [AuthAudit] })
export class AuthAuditModule {}
