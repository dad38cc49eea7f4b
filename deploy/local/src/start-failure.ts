import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabasesGone, ForeignData, ProcessFailed, SecretDamaged, ServerNotFound } from '@conclave/servers';
import { AlreadyRunning } from './claim.js';
import type { Installation } from './installation.js';
import { UsageError } from './options.js';
import { PortTaken } from './public-port.js';
import { ResetRefused } from './reset.js';

/** Errors that are answers to a person: their words are cause and remedy. */
const answers = [AlreadyRunning, DatabasesGone, ForeignData, PortTaken, ResetRefused, SecretDamaged, UsageError];

interface Cause {
  /** In the last words of a process, or in the message of an error. */
  readonly sign: RegExp;
  readonly words: (what: string, installation: Pick<Installation, 'folder' | 'postgresFolder'>) => string;
}

/** What goes wrong with a first start, as the servers and the system say it, and as a person can mend it. The first that fits counts. */
const causes: readonly Cause[] = [
  {
    sign: /no space left on device|ENOSPC|disk quota|EDQUOT|file too large|EFBIG/i,
    words: (what, { folder }) =>
      `The disk is full: ${what} could not write. Free some space where ${folder} lies, then start again; nothing that was acknowledged is lost.`,
  },
  {
    sign: /password authentication failed/i,
    words: (_, { folder, postgresFolder }) =>
      `The databases in ${postgresFolder} were made under other secrets than those in ${folder}/secrets. Put the secrets back from a copy, or begin anew without these data: npm start -- --reset`,
  },
  {
    sign: /wrong ownership|invalid permissions|must be owned|permission denied|EACCES|EPERM|not permitted/i,
    words: (what, { folder }) =>
      `${what} may not use its files: something in ${folder} belongs to another user, perhaps because it was once started with sudo. Give it back (sudo chown -R "$(id -u):$(id -g)" ${folder}) or start as that user.`,
  },
  {
    sign: /read-only file system|EROFS/i,
    words: (what, { folder }) =>
      `${what} cannot write: ${folder} lies on a read-only file system. Use a checkout that can be written.`,
  },
  {
    sign: /address (already )?in use|EADDRINUSE/i,
    words: (what) =>
      `A port that ${what} had chosen was taken by somebody else in that moment. Start again: free ones are chosen.`,
  },
  {
    sign: /cannot allocate memory|out of memory|ENOMEM|SIGKILL/i,
    words: (what) =>
      `${what} was ended for want of memory. Conclave needs 2 GiB that are free; close something and start again.`,
  },
];

/** A failed start as a person reads it. */
export interface StartFailure {
  /** Cause and remedy. */
  readonly sentence: string;
  /** The one log that shows it; null where the sentence says all there is. */
  readonly log: string | null;
}

/** Says in one sentence what a start failed of and what can be done, and leaves everything else in one log. */
export function startFailure(error: unknown, installation: Installation, now = new Date()): StartFailure {
  if (answers.some((kind) => error instanceof kind)) return { sentence: (error as Error).message, log: null };
  const failed = error instanceof ProcessFailed ? error : null;
  const what = failed ? failed.processName : 'the start';
  const text = failed ? `${failed.how} ${failed.lastWords}` : messageOf(error);
  const known = causes.find(({ sign }) => sign.test(text));
  const log = join(installation.logs, 'start.jsonl');
  appendFileSync(
    log,
    `${JSON.stringify({ time: now.toISOString(), what, error: messageOf(error), stack: (error as Error).stack })}\n`,
    {
      mode: 0o600,
    },
  );
  if (error instanceof ServerNotFound)
    return {
      sentence:
        'A server that Conclave stands on is neither here nor could it be fetched: the first start needs the network (package registry and Go module proxy), later ones do not. Connect and start again.',
      log,
    };
  if (known) return { sentence: known.words(what, installation), log: failed ? logOf(installation, failed) : log };
  if (failed)
    return {
      sentence: `${failed.processName} ${failed.how}. Its log says why; if it says nothing that helps, start again, and keep the log for whoever you ask.`,
      log: logOf(installation, failed),
    };
  return { sentence: `The start failed: ${messageOf(error).split('\n')[0]}`, log };
}

/** The same before there is an installation: its folder could not be opened. */
export function folderFailure(error: unknown): StartFailure {
  const { code, path } = error as NodeJS.ErrnoException;
  if (error instanceof UsageError || !code) return { sentence: messageOf(error), log: null };
  const folder = path ?? '.conclave';
  const known = causes.find(({ sign }) => sign.test(code));
  return { sentence: known?.words('Conclave', { folder, postgresFolder: folder }) ?? messageOf(error), log: null };
}

/** What a process wrote is in its own file; a helper such as initdb has none. */
const logOf = ({ logs }: Installation, { processName }: ProcessFailed): string =>
  join(
    logs,
    /^(postgres|nats|minio|redis|livekit|auth|rooms|files|gateway)/.test(processName)
      ? `${processName}.jsonl`
      : 'start.jsonl',
  );

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
