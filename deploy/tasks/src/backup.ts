import { backUp } from './backup/backup.js';
import { bucketFrom, databasesFrom, placeFrom, release, runFrom } from './backup/settings.js';
import { NotSound, runTask } from './run-task.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

await runTask(async () => {
  const { env } = process;
  const destination = placeFrom(env);
  const run = runFrom(env, destination);
  if (!run.keys)
    say('keys: none, for BACKUP_KEYS_DIR is not set; without KEKs from elsewhere this backup opens nothing');
  const { id, objects, absent, problems } = await backUp({
    release: release(),
    databases: databasesFrom(env),
    bucket: bucketFrom(env),
    destination,
    say,
    ...run,
  });
  say(`backup ${id} is whole: ${objects.count} objects of ${objects.totalBytes} bytes, in ${destination.where}`);
  const deleted = absent.length - problems.length;
  if (deleted > 0) say(`${deleted} files were deleted meanwhile: their index entries are in it, their objects are not`);
  if (problems.length > 0) {
    throw new NotSound(
      `The backup was written, but the bucket is not sound:\n  ${problems.slice(0, 20).join('\n  ')}\nRun \`node dist/check.js\` of files.`,
    );
  }
});
