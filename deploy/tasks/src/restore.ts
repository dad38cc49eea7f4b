import { integer, OperatorError, parseConfig, secret } from '@conclave/platform';
import { z } from 'zod';
import { Opener } from './backup/age.js';
import type { Manifest } from './backup/manifest.js';
import { restore } from './backup/restore.js';
import { bucketFrom, databasesFrom, placeFrom, signersFrom } from './backup/settings.js';
import { FolderStore } from './backup/store.js';
import { verifyBackup } from './backup/verify.js';
import { runTask } from './run-task.js';

const schema = z.object({
  BACKUP_IDENTITY: secret(),
  BACKUP_ID: z.string().optional(),
  BACKUP_KEYS_FOLDER: z.string().min(1).optional(),
  /** With `--verify`: an older one fails, for somebody or something has stopped making them, or took the newest away. */
  BACKUP_MAX_AGE_HOURS: integer(1, 87_600).optional(),
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** `node dist/restore.js` puts a backup into empty servers; with `--verify` it only opens and compares every part. */
await runTask(async () => {
  const { env } = process;
  const args = process.argv.slice(2);
  if (args.some((arg) => arg !== '--verify')) throw new OperatorError('usage: node dist/restore.js [--verify]');
  const config = parseConfig(schema, env);
  const signers = signersFrom(env);
  const common = {
    ...(signers ? { signers } : {}),
    source: placeFrom(env),
    opener: new Opener(config.BACKUP_IDENTITY),
    say,
    ...(config.BACKUP_ID ? { id: config.BACKUP_ID } : {}),
    ...(config.BACKUP_KEYS_FOLDER ? { keysPlace: new FolderStore(config.BACKUP_KEYS_FOLDER) } : {}),
  };
  if (args.includes('--verify')) {
    const { manifest } = await verifyBackup(common);
    return requireYoung(manifest, config.BACKUP_MAX_AGE_HOURS);
  }
  const { id } = await restore({ ...common, databases: databasesFrom(env), bucket: bucketFrom(env) });
  say(`backup ${id} is restored. Start the services, then run \`node dist/check.js\` of files.`);
});

function requireYoung({ id, startedAt }: Manifest, hours: number | undefined): void {
  if (hours === undefined || Date.now() - Date.parse(startedAt) <= hours * 3_600_000) return;
  throw new OperatorError(`The newest backup is ${id}, which is older than ${hours} hours: where are the later ones?`);
}
