import type { Orm } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import { Module } from '@nestjs/common';
import { MikroORM } from '@mikro-orm/postgresql';
import { Argon2PasswordHasher } from '../adapters/argon2-password-hasher.js';
import { PostgresThrottle } from '../adapters/postgres-throttle.js';
import { AUTH_CONFIG, type AuthConfig } from '../config.js';
import { Allowances } from './allowances.js';
import { PasswordCredentials } from './password-credentials.js';
import { PasswordHasher } from './password-hasher.js';
import { PasswordProof } from './password-proof.js';
import { Throttle } from './throttle.js';
import { ThrottledCheck } from './throttled-check.js';
import { TokenDigest } from './token-digest.js';

/** How secrets are stored and checked, and how often they may be tried. */
@Module({
  providers: [
    Allowances,
    PasswordCredentials,
    PasswordProof,
    ThrottledCheck,
    { provide: PasswordHasher, useClass: Argon2PasswordHasher },
    {
      provide: Throttle,
      inject: [MikroORM, Clock],
      useFactory: (orm: Orm, clock: Clock) => new PostgresThrottle(orm, clock),
    },
    {
      provide: TokenDigest,
      inject: [AUTH_CONFIG],
      useFactory: (config: AuthConfig) => new TokenDigest(config.TOKEN_PEPPER),
    },
  ],
  exports: [Allowances, PasswordCredentials, PasswordHasher, PasswordProof, ThrottledCheck, TokenDigest],
})
export class CredentialsModule {}
