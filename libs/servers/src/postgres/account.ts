import { run } from '../process/run.js';

/** The user that Postgres runs as. */
export interface PostgresAccount {
  readonly uid: number;
  readonly gid: number;
}

/** Postgres refuses to be root; then it runs as the system's `postgres` user, or as `nobody`. Null means: as whoever we are. */
export async function postgresAccount(): Promise<PostgresAccount | null> {
  if (process.getuid?.() !== 0) return null;
  for (const user of ['postgres', 'nobody']) {
    const [uid, gid] = await Promise.all([run('id', ['-u', user]), run('id', ['-g', user])]);
    if (uid.code === 0 && gid.code === 0) return { uid: Number(uid.output), gid: Number(gid.output) };
  }
  throw new Error('Postgres does not run as root, and this system has neither a user "postgres" nor "nobody"');
}
