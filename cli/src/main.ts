import { parsed, targetOf, usage, wrong } from './arguments.ts';
import { asFailure, exitCodes, type ExitCode } from './failure.ts';
import { get, stream } from './get.ts';
import { bytesText, plain, tell } from './progress.ts';
import { putAll } from './put-all.ts';
import { put } from './put.ts';
import { findFile, listFiles } from './room-files.ts';
import { Server } from './server.ts';

/** One command; answers how the process ends. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  try {
    return await run(args);
  } catch (error) {
    const { code, message } = asFailure(error);
    tell(message);
    return code;
  }
}

async function run(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = parsed(args);
  if (values.help) {
    process.stdout.write(usage);
    return exitCodes.done;
  }
  const [area, verb, ...rest] = positionals;
  if (area === undefined) {
    process.stderr.write(usage);
    return exitCodes.usage;
  }
  if (area !== 'files' || (verb !== 'put' && verb !== 'get' && verb !== 'ls')) throw wrong('Which command?');
  const target = targetOf(values);
  const server = new Server(target);
  const quiet = values.quiet ?? false;
  if (verb === 'ls') {
    const files = await listFiles(server);
    for (const file of files) process.stdout.write(`${values.json ? JSON.stringify(file) : lineOf(file)}\n`);
    if (files.length === 0 && !quiet) tell('This room has no files.');
    return exitCodes.done;
  }
  if (rest.length === 0) throw wrong(`files ${verb} needs to know which.`);
  process.once('SIGINT', stopped);
  if (verb === 'put') {
    if (values.as !== undefined && rest.length > 1) throw wrong('--as names one file.');
    const wishes = {
      ...(values.as !== undefined && { name: values.as }),
      ...(values.type !== undefined && { type: values.type }),
      quiet,
    };
    return putAll(
      rest,
      (path) => put(server, target, path, wishes),
      (id, path) => process.stdout.write(`${values.json ? JSON.stringify({ id, path }) : id}\n`),
    );
  }
  const [wanted = '', ...more] = rest;
  if (more.length > 0) throw wrong('files get takes one file.');
  const file = await findFile(server, wanted);
  if (values.output === '-') await stream(server, file, process.stdout, quiet);
  else {
    const where = await get(server, file, {
      ...(values.output !== undefined && { to: values.output }),
      verify: !values['no-verify'],
      force: values.force ?? false,
      quiet,
    });
    process.stdout.write(`${where}\n`);
  }
  return exitCodes.done;
}

/** Ctrl-C. What has come so far lies where the next run finds it. */
function stopped(): never {
  tell('Stopped. Run the same again within 24 hours, and it goes on from here.');
  process.exit(exitCodes.stopped);
}

function lineOf(file: {
  id: string;
  size: number;
  createdAt: string;
  name: string;
  owner: { displayName: string };
}): string {
  const size = bytesText(file.size).padStart(8);
  return `${file.id}  ${size}  ${file.createdAt.slice(0, 16)}  ${plain(file.name)}  (${plain(file.owner.displayName)})`;
}
