import { OperatorError } from '@conclave/platform';
import { createOrm } from './create-orm.js';
import type { Orm, PersistenceOptions } from './options.js';

/** Opens a connection for one piece of work, and closes it. */
export async function withOrm<T>(options: PersistenceOptions, work: (orm: Orm) => Promise<T>): Promise<T> {
  const orm = await createOrm({ ...options, pool: { max: 2 } });
  try {
    await orm.em
      .getConnection()
      .execute('select 1')
      .catch((cause: unknown) => {
        throw new OperatorError(whyNot(cause, options.database.url), { cause });
      });
    return await work(orm);
  } finally {
    await orm.close(true);
  }
}

function whyNot(cause: unknown, url: string): string {
  const { host, pathname, username } = new URL(url);
  const code = String((cause as { code?: unknown }).code ?? '');
  const role = decodeURIComponent(username);
  switch (code) {
    case '28P01':
    case '28000':
      return `${host} refuses role ${role}: its password is another one, or pg_hba.conf does not let it in.`;
    case '3D000':
      return `${host} has no database ${pathname.slice(1)}; make it, or mend the URL.`;
    case '42501':
      return `${host} does not let role ${role} connect to ${pathname.slice(1)}; grant it connect.`;
    case '53300':
      return `${host} has no connection left; raise max_connections or lower the pools.`;
    default:
      return `${host} cannot be reached (${code || 'no answer'}); check host, port, firewall and NetworkPolicy.`;
  }
}
