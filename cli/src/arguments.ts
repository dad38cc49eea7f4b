import { parseArgs } from 'node:util';
import { exitCodes, Failure } from './failure.ts';
import type { Target } from './server.ts';

export const usage = `conclave files put FILE...       share files in a room; run again, it goes on where it stopped
conclave files get NAME|ID       fetch a file; run again, it goes on where it stopped
conclave files ls                list the files of a room

  --server URL     where Conclave runs (or CONCLAVE_SERVER)
  --room SLUG      the room, or its link (or CONCLAVE_ROOM)
  --as NAME        put: the name in the room        --type MIME  put: its type
  -o FILE          get: where to, a file, a folder, or - for stdout
  --force          get: replace what stands there    --no-verify  get: do not compare hashes
  --json           ls and put: one JSON value a line
  -q, --quiet      no progress on stderr

Who you are says CONCLAVE_TOKEN (your personal token) or CONCLAVE_SESSION. You have to be in the meeting of the
room with that account, for example in the browser, as long as files go up or down.

Exit codes: 0 done, 1 refused, 2 wrong use, 3 not signed in, 4 not in the meeting, 5 no connection, 6 a file of this machine,
130 stopped by Ctrl-C. Of several files the first that failed says the code.
`;

const options = {
  server: { type: 'string' },
  room: { type: 'string' },
  as: { type: 'string' },
  type: { type: 'string' },
  output: { type: 'string', short: 'o' },
  'no-verify': { type: 'boolean' },
  force: { type: 'boolean' },
  json: { type: 'boolean' },
  quiet: { type: 'boolean', short: 'q' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** The command was used in a way that means nothing. */
export const wrong = (message: string): Failure =>
  new Failure(exitCodes.usage, `${message} \`conclave --help\` says how it is used.`);

/** The words and options of one call. @throws Failure */
export function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
}

/** A room may be named by its link; the link then says the server too. @throws Failure */
export function targetOf(values: { server?: string | undefined; room?: string | undefined }): Target {
  const room = values.room ?? process.env['CONCLAVE_ROOM'] ?? '';
  const link = /^https?:\/\//.test(room) && URL.canParse(room) ? new URL(room) : undefined;
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
