import { OperatorError, parseConfig, secret } from '@conclave/platform';
import { z } from 'zod';
import { Opener } from './backup/age.js';
import { restore, verifyBackup } from './backup/restore.js';
import { bucketFrom, databasesFrom, placeFrom } from './backup/settings.js';
import { runTask } from './run-task.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** `node dist/restore.js` puts a backup into empty servers; with `--verify` it only opens and compares every part. */
await runTask(async () => {
  const { env } = process;
  const args = process.argv.slice(2);
  if (args.some((arg) => arg !== '--verify')) throw new OperatorError('usage: node dist/restore.js [--verify]');
  const config = parseConfig(z.object({ BACKUP_IDENTITY: secret(), BACKUP_ID: z.string().optional() }), env);
  const common = {
    source: placeFrom(env),
    opener: new Opener(config.BACKUP_IDENTITY),
    say,
    ...(config.BACKUP_ID ? { id: config.BACKUP_ID } : {}),
  };
  if (args.includes('--verify')) return void (await verifyBackup(common));
  const { id } = await restore({ ...common, databases: databasesFrom(env), bucket: bucketFrom(env) });
  say(`backup ${id} is restored. Start the services, then run \`node dist/check.js\` of files.`);
});
