import { Clock, Metrics } from '@conclave/platform';
import { Injectable } from '@nestjs/common';

/** How somebody proves who they are. */
export type LoginMethod = 'password' | 'factor' | 'personal_token';

const loginOutcomes = ['ok', 'wrong', 'throttled', 'busy', 'error'] as const;

/** What became of it; a wrong password is no error of ours, `error` is. */
export type LoginOutcome = (typeof loginOutcomes)[number];

/** The figures of auth. No label tells who. */
@Injectable()
export class AuthMetrics {
  private readonly logins;
  private readonly refreshes;
  private readonly lockouts;
  private readonly hashes;
  private signingKeySince: Date | undefined;

  constructor(metrics: Metrics, clock: Clock) {
    this.logins = metrics.counter('auth_login_total', 'Attempts to sign in', ['method', 'outcome']);
    // Known from the start, so that the first of each kind is already an increase.
    for (const method of ['password', 'factor', 'personal_token'])
      for (const outcome of loginOutcomes) this.logins.inc({ method, outcome }, 0);
    this.refreshes = metrics.counter('auth_token_refresh_total', 'Sessions turned into principal tokens', ['outcome']);
    this.lockouts = metrics.counter('auth_lockouts_total', 'Attempts refused by a throttle');
    this.hashes = metrics.histogram('auth_hash_duration_seconds', 'Password hashes');
    metrics.gauge('auth_signing_key_age_seconds', 'Age of the key that signs', [], (gauge) => {
      if (this.signingKeySince) gauge.set((clock.now().getTime() - this.signingKeySince.getTime()) / 1000);
    });
  }

  login(method: LoginMethod, outcome: LoginOutcome): void {
    this.logins.inc({ method, outcome });
  }

  refresh(outcome: 'ok' | 'refused'): void {
    this.refreshes.inc({ outcome });
  }

  lockout(): void {
    this.lockouts.inc();
  }

  /** Starts a measurement; call the result when the hash is done. */
  hashStarted(): () => void {
    const end = this.hashes.startTimer();
    return () => void end();
  }

  signingKeyFirstSeen(at: Date): void {
    this.signingKeySince = at;
  }
}
