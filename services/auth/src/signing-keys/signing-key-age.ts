import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { AuthMetrics } from '../metrics/auth-metrics.js';
import { SigningKeys } from './signing-keys.js';

/** Remembers since when the present key signs, so that an old one can be noticed. Nothing is ever verified with this row. */
@Injectable()
export class SigningKeyAge implements OnApplicationBootstrap {
  constructor(
    private readonly transaction: Transaction,
    private readonly keys: SigningKeys,
    private readonly metrics: AuthMetrics,
    private readonly clock: Clock,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const now = this.clock.now();
    const [row] = await this.transaction.run(async (em) => {
      await em.execute(
        `insert into signing_key (kid, first_seen_at, created_at, updated_at) values (?, ?, ?, ?) on conflict (kid) do nothing`,
        [this.keys.kid, now, now, now],
        'run',
      );
      return em.execute<{ seconds: number }[]>(
        `select extract(epoch from first_seen_at)::float8 as seconds from signing_key where kid = ?`,
        [this.keys.kid],
      );
    });
    if (row) this.metrics.signingKeyFirstSeen(new Date(row.seconds * 1000));
  }
}
