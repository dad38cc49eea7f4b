import { loadProvenKeks } from '@conclave/keys';
import { rawSql, Transaction, withOrm } from '@conclave/persistence';
import { loadConfig, OperatorError, SystemClock } from '@conclave/platform';
import { SealingPool } from '@conclave/sealing/node';
import { S3ObjectStorage } from './adapters/object-storage/s3-object-storage.js';
import { SignedClient } from './adapters/object-storage/signed-client.js';
import { bucketOf, configSchema } from './config.js';
import { keysConnection, mainConnection, rootKeys } from './connections.js';
import { FileIndex } from './file/file-index.js';
import { FileRecord } from './file/file-record.js';
import { Vault } from './keys/vault.js';
import { checkFiles } from './operator/check-files.js';
import { chooseEngine } from './sealing/choose-engine.js';

/**
 * `node dist/check.js [--sample N]`: every file opens and is what it was, and bucket and index agree. One line per fault;
 * exit code 1 when there is one. It may run beside the service.
 */
const config = loadConfig(configSchema);
try {
  const sample = sampleFrom(process.argv.slice(2));
  const bucket = bucketOf(config);
  const engine = new SealingPool({ workers: config.SEALING_WORKERS, engine: chooseEngine(config) });
  const report = await withOrm({ ...mainConnection(config), entities: [FileRecord] }, (main) =>
    withOrm(keysConnection(config), async (keys) => {
      const client = new SignedClient(bucket, new SystemClock());
      const parts = {
        index: new FileIndex(main.em),
        vault: new Vault(new Transaction(keys), await loadProvenKeks(config, rawSql(keys), rootKeys)),
        storage: new S3ObjectStorage(client),
        engine,
      };
      return checkFiles(parts, sample).finally(() => client.close());
    }),
  ).finally(() => engine.destroy());
  for (const fault of report.faults) process.stdout.write(`FAIL  ${fault}\n`);
  process.stdout.write(
    `${report.opened} of ${report.files} files opened, ${report.bytes} bytes equal to what was shared; ` +
      `${report.faults.length} faults; ${report.orphans.length} objects without a file\n`,
  );
  process.exit(report.faults.length === 0 ? 0 : 1);
} catch (error) {
  process.stderr.write(
    `${error instanceof OperatorError ? error.message : `the check failed (${(error as Error).name})`}\n`,
  );
  process.exit(1);
}

function sampleFrom(args: readonly string[]): number | undefined {
  if (args.length === 0) return undefined;
  const count = args[0] === '--sample' && args.length === 2 ? Number(args[1]) : Number.NaN;
  if (!Number.isInteger(count) || count < 1) throw new OperatorError('usage: node dist/check.js [--sample N]');
  return count;
}
