import { OperatorError, type OtherClock, type PreflightCheck } from '@conclave/platform';
import { readSchemaState, requireFloor } from '../migrations/schema-state.js';
import type { PersistenceOptions } from '../orm/options.js';
import { withOrm } from '../orm/with-orm.js';

const oldestMajor = 15;

interface Facts {
  readonly version: number;
  readonly shown: string;
  readonly role: string;
  readonly superuser: boolean;
  readonly replica: boolean;
  readonly creates: boolean;
  readonly seesKeys: boolean;
}

const factsSql = `select current_setting('server_version_num')::int as version, current_setting('server_version') as shown,
  current_user as role, (select rolsuper from pg_roles where rolname = current_user) as superuser,
  pg_is_in_recovery() as replica,
  coalesce(has_schema_privilege(current_schema(), 'create'), false) as creates,
  exists (select 1 from pg_namespace where nspname = 'keys' and has_schema_privilege(oid, 'usage')) as "seesKeys"`;

/** Whether one connection of a service can be made and may do what it must, and no more. */
export function databaseCheck(options: PersistenceOptions): PreflightCheck {
  return {
    name: options.name ? `database ${options.name}` : 'database',
    run: () =>
      withOrm(options, async (orm) => {
        const [facts] = await orm.em.getConnection().execute<Facts[]>(factsSql);
        if (!facts) throw new OperatorError('the database answers nothing');
        requireRights(facts, options);
        const state = await readSchemaState(orm);
        requireFloor(state);
        const schema =
          state.pending.length > 0
            ? `${state.pending.length} migrations to come`
            : state.newer.length > 0
              ? 'schema of a newer release, on which this one may run'
              : 'schema is current';
        return `PostgreSQL ${facts.shown.split(' ')[0]} as role ${facts.role}, ${schema}`;
      }),
  };
}

/** The clock of a database. */
export const databaseClock = (options: PersistenceOptions): OtherClock => ({
  name: 'the database',
  stepMs: 1,
  read: () =>
    withOrm(options, async (orm) => {
      const [row] = await orm.em
        .getConnection()
        .execute<{ ms: string }[]>(`select (extract(epoch from clock_timestamp()) * 1000)::bigint::text as ms`);
      return row && Number(row.ms);
    }),
});

function requireRights(facts: Facts, { schema, migrations }: PersistenceOptions): void {
  if (Math.trunc(facts.version / 10_000) < oldestMajor)
    throw new OperatorError(`PostgreSQL is ${facts.shown}; ${oldestMajor} or newer is needed.`);
  if (facts.replica) throw new OperatorError('this is a replica that only reads; name the primary in the URL.');
  if (facts.superuser) {
    throw new OperatorError(
      `role ${facts.role} is a superuser, so nothing keeps it from the keys; give the service its own role.`,
    );
  }
  if (schema !== 'keys' && facts.seesKeys) {
    throw new OperatorError(
      `role ${facts.role} may look into schema keys; run: revoke all on schema keys from public, ${facts.role}; only the keys role may own it.`,
    );
  }
  if (schema === 'keys' && !facts.seesKeys) {
    throw new OperatorError(
      `role ${facts.role} finds no schema keys that it may use; run as superuser: create schema keys authorization ${facts.role}`,
    );
  }
  if (!facts.creates && migrations.mode !== 'wait') {
    throw new OperatorError(
      `role ${facts.role} may not create tables, so it cannot migrate; make it the owner of its schema, or set MIGRATIONS=wait and run migrate.js as the owner.`,
    );
  }
}
