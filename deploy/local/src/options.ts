import { parseArgs } from 'node:util';
import { largestScale } from '@conclave/servers';

const commands = ['start', 'status', 'audit:check', 'servers'] as const;

/** `servers` only finds or builds the servers; tests and benchmarks do that before the clock runs. */
export type Command = (typeof commands)[number];

/** What a person asked for on the command line. */
export interface Options {
  readonly command: Command;
  readonly port: number;
  /** Serve the local network; with an address of one's own choice where one is given. */
  readonly lan: boolean;
  readonly address: string | null;
  readonly reset: boolean;
  readonly yes: boolean;
  /** Processes of each service. */
  readonly replicas: number;
  /** Nodes of LiveKit. */
  readonly mediaNodes: number;
  /** Prometheus beside the product, with its rules. */
  readonly observe: boolean;
  /** Shows all that services write, not only errors. */
  readonly verbose: boolean;
}

/** A command line that makes no sense; the message says what would. */
export class UsageError extends Error {}

/** What `--help` prints. */
export const usage = `npm start [-- options]     start Conclave; Ctrl-C stops it
  --port N                 the one public port (8080; with --lan 8443)
  --lan [--address A]      HTTPS on the local network, so that a phone or a colleague can join
  --replicas N             so many processes of each service behind the same address
  --media-nodes N          so many LiveKit nodes, which find each other through a Redis
  --observe                Prometheus beside it, with our alerts
  --verbose                what the services write, as they write it; it is in .conclave/logs anyway
  --reset [--yes]          delete every person, room and file of this installation first; asks before it does
npm run status             what runs, and where
npm run audit:check        whether anybody changed the audit trail`;

function portOf(text: string | undefined, lan: boolean): number {
  if (text === undefined) return lan ? 8443 : 8080;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535)
    throw new UsageError(`--port ${text}: a port is a number from 1 to 65535`);
  return port;
}

function countOf(option: string, text: string | undefined): number {
  const count = Number(text ?? '1');
  if (!Number.isInteger(count) || count < 1 || count > largestScale)
    throw new UsageError(`--${option} ${text}: a number from 1 to ${largestScale}`);
  return count;
}

/** Reads the command line; null means that help was asked for. */
export function readOptions(argv: readonly string[]): Options | null {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        lan: { type: 'boolean', default: false },
        address: { type: 'string' },
        replicas: { type: 'string' },
        'media-nodes': { type: 'string' },
        observe: { type: 'boolean', default: false },
        verbose: { type: 'boolean', default: false },
        reset: { type: 'boolean', default: false },
        yes: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  if (values.help) return null;
  const command = commands.find((name) => name === (positionals[0] ?? 'start'));
  if (!command || positionals.length > 1) {
    throw new UsageError(`there is no "${positionals.join(' ')}"`);
  }
  if (values.address && !values.lan) throw new UsageError('--address goes with --lan');
  return {
    command,
    port: portOf(values.port, values.lan),
    lan: values.lan,
    address: values.address ?? null,
    reset: values.reset,
    yes: values.yes,
    replicas: countOf('replicas', values.replicas),
    observe: values.observe,
    verbose: values.verbose,
    mediaNodes: countOf('media-nodes', values['media-nodes']),
  };
}
