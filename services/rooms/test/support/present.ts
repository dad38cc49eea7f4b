import type { Stage } from './stage.js';

/** Everybody who was let into a room counts as in the meeting for a while, as if their connection had just gone: no media needed. */
export const presentWithoutMedia = (stage: Pick<Stage, 'sql'>, slug: string): Promise<unknown> =>
  stage.sql.query(
    `update admission set last_active_at = now() + interval '2 minutes'
      where revoked_at is null and room_id = (select id from room where slug = $1)`,
    [slug],
  );
