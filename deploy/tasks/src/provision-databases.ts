import { setTimeout as sleep } from 'node:timers/promises';
import { flag, integer, OperatorError, parseConfig, secret } from '@conclave/platform';
import { databaseRoles, isWellKnown, provisionDatabase, provisionRoles, type DatabaseRole } from '@conclave/servers';
import { z } from 'zod';
import { runTask } from './run-task.js';

const roleKey = (role: DatabaseRole): string => `${role.toUpperCase()}_DATABASE_PASSWORD`;

const schema = z.object({
  POSTGRES_HOST: z.string().min(1),
  POSTGRES_PORT: integer(1, 65_535).default(5432),
  /** A superuser; nobody works as this one afterwards. */
  POSTGRES_USER: z.string().min(1),
  POSTGRES_PASSWORD: secret(16),
  POSTGRES_TLS: flag().default(false),
});
const passwords = z.object(Object.fromEntries(databaseRoles.map((role) => [roleKey(role), secret(16)])));

const waitMs = 120_000;

await runTask(async () => {
  const config = parseConfig(schema, process.env);
  const given = parseConfig(passwords, process.env) as Record<string, string>;
  const known = Object.entries({ ...given, POSTGRES_PASSWORD: config.POSTGRES_PASSWORD }).find(([, v]) =>
    isWellKnown(v),
  );
  if (known) throw new OperatorError(`${known[0]} holds a value that everybody knows; give it a new one.`);
  const cluster = {
    host: config.POSTGRES_HOST,
    port: config.POSTGRES_PORT,
    user: config.POSTGRES_USER,
    superuserPassword: config.POSTGRES_PASSWORD.trim(),
    tls: config.POSTGRES_TLS,
  };
  const roles = Object.fromEntries(databaseRoles.map((role) => [role, given[roleKey(role)]?.trim() ?? ''])) as Record<
    DatabaseRole,
    string
  >;
  await insist(() => provisionRoles(cluster, roles));
  for (const owner of ['auth', 'rooms', 'files'] as const) await insist(() => provisionDatabase(cluster, owner));
  process.stdout.write(`roles ${databaseRoles.join(', ')} and their databases are there\n`);
});

/** A database that starts together with us gets two minutes; one that says no ends the wait at once. */
async function insist(step: () => Promise<void>): Promise<void> {
  const end = Date.now() + waitMs;
  for (;;) {
    try {
      return await step();
    } catch (cause) {
      const code = String((cause as { code?: unknown }).code ?? '');
      // 57P03: it is starting up. Codes of five characters are answers, all others are the network's.
      const answered = /^[0-9A-Z]{5}$/.test(code) && code !== '57P03';
      if (answered || Date.now() > end) {
        throw new OperatorError(`Postgres does not let us provision it (${code || 'no answer'}).`, { cause });
      }
      await sleep(1000);
    }
  }
}
