import { parseArgs } from 'node:util';
import { asFailure, exitCodes, Failure, type ExitCode } from './failure.ts';
import { get, stream } from './get.ts';
import { bytesText } from './progress.ts';
import { put } from './put.ts';
import { findFile, listFiles } from './room-files.ts';
import { Server, type Target } from './server.ts';

const usage = `conclave files put FILE...       share files in a room; run again, it goes on where it stopped
conclave files get NAME|ID       fetch a file; run again, it goes on where it stopped
conclave files ls                list the files of a room

  --server URL     where Conclave runs (or CONCLAVE_SERVER)
  --room SLUG      the room, or its link (or CONCLAVE_ROOM)
  --as NAME        put: the name in the room        --type MIME  put: its type
  -o FILE          get: where to; - is stdout        --no-verify  get: do not compare hashes
  --json           ls and put: one JSON value a line
  -q, --quiet      no progress on stderr

Who you are says CONCLAVE_TOKEN (your personal token) or CONCLAVE_SESSION. You have to be in the meeting of the
room with that account, for example in the browser, as long as files go up or down.

Exit codes: 0 done, 1 refused, 2 wrong use, 3 not signed in, 4 not in the meeting, 5 no connection, 6 a file of this machine
`;

const options = {
  server: { type: 'string' },
  room: { type: 'string' },
  as: { type: 'string' },
  type: { type: 'string' },
  output: { type: 'string', short: 'o' },
  'no-verify': { type: 'boolean' },
  json: { type: 'boolean' },
  quiet: { type: 'boolean', short: 'q' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** One command; answers how the process ends. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  try {
    return await run(args);
  } catch (error) {
    const { code, message } = asFailure(error);
    process.stderr.write(`${process.stderr.isTTY ? '\r\u001b[K' : ''}${message}\n`);
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
  if (area !== 'files' || (verb !== 'put' && verb !== 'get' && verb !== 'ls')) throw wrong('Which command?');
  const target = targetOf(values);
  const server = new Server(target);
  const quiet = values.quiet ?? false;
  if (verb === 'ls') {
    for (const file of await listFiles(server))
      process.stdout.write(`${values.json ? JSON.stringify(file) : lineOf(file)}\n`);
    return exitCodes.done;
  }
  if (rest.length === 0) throw wrong(`files ${verb} needs to know which.`);
  if (verb === 'put') {
    if (values.as !== undefined && rest.length > 1) throw wrong('--as names one file.');
    for (const path of rest) {
      const id = await put(server, target, path, {
        ...(values.as !== undefined && { name: values.as }),
        ...(values.type !== undefined && { type: values.type }),
        quiet,
      });
      process.stdout.write(`${values.json ? JSON.stringify({ id, path }) : id}\n`);
    }
    return exitCodes.done;
  }
  const [wanted = '', ...more] = rest;
  if (more.length > 0) throw wrong('files get takes one file.');
  const file = await findFile(server, wanted);
  if (values.output === '-') await stream(server, file, process.stdout, quiet);
  else {
    const where = await get(server, file, {
      ...(values.output !== undefined && { to: values.output }),
      verify: !values['no-verify'],
      quiet,
    });
    process.stdout.write(`${where}\n`);
  }
  return exitCodes.done;
}

const wrong = (message: string): Failure => new Failure(exitCodes.usage, `${message}\n\n${usage}`);

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
}

/** A room may be named by its link; the link then says the server too. */
function targetOf(values: { server?: string | undefined; room?: string | undefined }): Target {
  const room = values.room ?? process.env['CONCLAVE_ROOM'] ?? '';
  const link = /^https?:\/\//.test(room) ? new URL(room) : undefined;
  const server = values.server ?? process.env['CONCLAVE_SERVER'] ?? link?.origin ?? '';
  const slug = link ? (/^\/r\/([^/]+)/.exec(link.pathname)?.[1] ?? '') : room;
  if (server === '') throw wrong('Which server? Give --server or set CONCLAVE_SERVER.');
  if (slug === '') throw wrong('Which room? Give --room or set CONCLAVE_ROOM.');
  const token = process.env['CONCLAVE_TOKEN'] ?? '';
  const session = process.env['CONCLAVE_SESSION'] ?? '';
  if (token === '' && session === '')
    throw new Failure(
      exitCodes.signedOut,
      'Who are you? Set CONCLAVE_TOKEN to your personal token (settings of the web app), or CONCLAVE_SESSION to a session.',
    );
  if (!URL.canParse(server)) throw wrong(`"${server}" is no address.`);
  const url = new URL(server);
  if (url.protocol !== 'https:' && !isLocal(url))
    throw wrong('A token goes to an https address only, or to this machine.');
  return { server: new URL('/', url), room: slug, token, session };
}

const isLocal = ({ protocol, hostname }: URL): boolean =>
  protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname);

function lineOf(file: {
  id: string;
  size: number;
  createdAt: string;
  name: string;
  owner: { displayName: string };
}): string {
  // A name of somebody else must not steer a terminal.
  const plain = (text: string) => text.replace(/\p{Cc}/gu, '');
  const size = bytesText(file.size).padStart(8);
  return `${file.id}  ${size}  ${file.createdAt.slice(0, 16)}  ${plain(file.name)}  (${plain(file.owner.displayName)})`;
}
