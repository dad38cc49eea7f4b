import { readAddressProof, type AddressProof } from '@conclave/contracts';
import { InjectOrm, PreparedQuery, type Orm } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';

/** A session as the hot path sees it. */
export interface SessionWithPerson {
  readonly sessionId: string;
  readonly userId: string;
  readonly displayName: string;
  readonly email: string;
  readonly emailVerifiedBy: AddressProof | null;
  readonly endedAt: Date | null;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
}

interface Row {
  session_id: string;
  user_id: string;
  display_name: string;
  email: string;
  email_verified_by: string | null;
  ended_at: number | null;
  last_seen_at: number;
  expires_at: number;
}

/** Finds sessions by token for every request of every browser. Prepared statements: this read stands in front of everything. */
@Injectable()
export class LiveSessions {
  private readonly find: PreparedQuery<Row>;
  private readonly seen: PreparedQuery<never>;

  constructor(@InjectOrm() orm: Orm) {
    this.find = new PreparedQuery(
      orm,
      'session_by_digest',
      `select s.id as session_id, u.id as user_id, u.display_name, u.email, u.email_verified_by,
              (extract(epoch from s.ended_at) * 1000)::float8 as ended_at,
              (extract(epoch from s.last_seen_at) * 1000)::float8 as last_seen_at,
              (extract(epoch from s.expires_at) * 1000)::float8 as expires_at
         from session s join "user" u on u.id = s.user_id
        where s.token_digest = $1`,
    );
    // Never backwards: two replicas may be a minute apart.
    this.seen = new PreparedQuery(
      orm,
      'session_seen',
      `update session set last_seen_at = $2, updated_at = $2 where id = $1 and last_seen_at < $2`,
    );
  }

  /** The session with this digest, live or not, with its person. */
  async byDigest(digest: Buffer): Promise<SessionWithPerson | undefined> {
    const row = await this.find.first([digest]);
    if (!row) return undefined;
    return {
      sessionId: row.session_id,
      userId: row.user_id,
      displayName: row.display_name,
      email: row.email,
      emailVerifiedBy: readAddressProof(row.email_verified_by),
      endedAt: row.ended_at === null ? null : new Date(row.ended_at),
      lastSeenAt: new Date(row.last_seen_at),
      expiresAt: new Date(row.expires_at),
    };
  }

  /** Notes that it was used at this minute. */
  async touch(sessionId: string, minute: Date): Promise<void> {
    await this.seen.all([sessionId, minute]);
  }
}
