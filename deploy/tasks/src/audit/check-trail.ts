import { verifyChain, type ChainFault, type ChainReport, type Checkpoint } from '@conclave/audit';
import { OperatorError } from '@conclave/platform';
import { connect, type DatabaseAccess } from '../backup/databases.js';
import { audited, writeCheckpoint, type AuditedService } from './checkpoints.js';

/** What the check works with. */
export interface AuditCheck {
  readonly databases: Readonly<Record<AuditedService, DatabaseAccess>>;
  readonly checkpoints: ReadonlyMap<AuditedService, readonly Checkpoint[]>;
  readonly say: (line: string) => void;
}

/** Looks at every row of every service's trail. Reads only. @throws OperatorError that names the first bad row of each service */
export async function checkTrail({ databases, checkpoints, say }: AuditCheck): Promise<void> {
  const bad: string[] = [];
  let rows = 0n;
  let held = 0;
  for (const service of audited) {
    const before = checkpoints.get(service) ?? [];
    const report = await readTrail(service, databases[service], before);
    if (!report.intact) {
      bad.push(`${service}: row ${report.brokenAt} ${says(report.fault)}`);
      continue;
    }
    rows += report.rows;
    held += before.length;
    const kept =
      report.rows > 0n
        ? `; to keep elsewhere: ${writeCheckpoint(service, { seq: report.rows, hash: report.head })}`
        : '';
    say(`${service}: ${report.rows} rows, whole${kept}`);
  }
  if (bad.length > 0)
    throw new OperatorError(
      `The audit trail was changed:\n  ${bad.join('\n  ')}\nChange nothing more and keep a copy: docs/operations.md, "The audit trail".`,
    );
  say(`the audit trail is whole: ${rows} rows; ${held} checkpoints of before hold`);
}

async function readTrail(
  service: AuditedService,
  database: DatabaseAccess,
  checkpoints: readonly Checkpoint[],
): Promise<ChainReport> {
  const client = await connect(service, database);
  try {
    // One moment of it, and nothing that could change it.
    await client.query('begin isolation level repeatable read read only');
    return await verifyChain(async (sql) => (await client.query<object>(sql)).rows, checkpoints);
  } catch (cause) {
    const { code } = cause as { code?: unknown };
    if (typeof code !== 'string') throw cause;
    throw new OperatorError(`The trail of ${service} cannot be read (${code}): run its migrations first.`, { cause });
  } finally {
    await client.end().catch(() => {});
  }
}

function says(fault: ChainFault): string {
  switch (fault.kind) {
    case 'missing':
      return `is missing: the next one there is ${fault.next}`;
    case 'unlinked':
      return 'does not follow on the row before it: rows were swapped, put in or taken out';
    case 'changed':
      return 'is not what was written: its fields do not fit its hash';
    case 'rewritten':
      return 'fits the rows before it and not its checkpoint: the trail was written anew';
    case 'cut-off':
      return 'is missing, and a checkpoint knows it: the end was cut off';
  }
}
