import { parseConfig } from '@conclave/platform';
import { z } from 'zod';
import { checkTrail } from './audit/check-trail.js';
import { audited, readCheckpoints } from './audit/checkpoints.js';
import { databasesOf } from './backup/settings.js';
import { runTask } from './run-task.js';

const schema = z.object({
  /** What earlier runs printed, kept outside of the databases: rows cut off at the end show only against them. */
  AUDIT_CHECKPOINTS: z.string().default(''),
});

/** Recomputes the hash-chained trail of every service: exit 0 where it is whole, 1 with the first bad row. */
await runTask(() =>
  checkTrail({
    databases: databasesOf(audited, process.env),
    checkpoints: readCheckpoints(parseConfig(schema, process.env).AUDIT_CHECKPOINTS),
    say: (line) => void process.stdout.write(`${line}\n`),
  }),
);
