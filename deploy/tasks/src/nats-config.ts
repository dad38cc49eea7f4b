import { OperatorError, parseConfig, secret } from '@conclave/platform';
import { busUsers, publicKeyOf, type BusUser } from '@conclave/servers';
import { z } from 'zod';
import { runTask } from './run-task.js';
import { authorizationText } from './secrets/derive.js';

/**
 * Prints the `authorization` block for a NATS of one's own. Public keys come from `AUTH_NKEY` …, or from the seeds in
 * `AUTH_NKEY_SEED` (or `…_FILE`) …; one that is given neither way stays a variable of nats.conf.
 */
await runTask(async () => {
  const shape = Object.fromEntries(
    busUsers.flatMap((user) => [
      [
        `${user.toUpperCase()}_NKEY`,
        z
          .string()
          .regex(/^U[A-Z2-7]{55}$/, 'must be the public nkey of a user')
          .optional(),
      ],
      [`${user.toUpperCase()}_NKEY_SEED`, secret().optional()],
    ]),
  );
  const config = parseConfig(z.object(shape), process.env) as Record<string, string | undefined>;
  const keys = Object.fromEntries(
    busUsers.map((user) => {
      const name = user.toUpperCase();
      const seed = config[`${name}_NKEY_SEED`];
      try {
        return [user, config[`${name}_NKEY`] ?? (seed ? publicKeyOf(seed) : `$${name}_NKEY`)];
      } catch {
        throw new OperatorError(`${name}_NKEY_SEED is no nkey seed of a user.`);
      }
    }),
  ) as Record<BusUser, string>;
  // NATS fills in a variable only where it stands without quotes.
  process.stdout.write(authorizationText(keys).replace(/"(\$[A-Z]+_NKEY)"/g, '$1'));
});
