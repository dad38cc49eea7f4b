import { engineCommand } from '@conclave/servers';
import type { ServerRunner } from './runner.js';

/** A back end and why it was taken. */
export interface Choice {
  readonly kind: ServerRunner['kind'];
  readonly why: string;
}

/** Forces one back end: `processes` or `containers`. */
const wishVariable = 'CONCLAVE_TEST_SERVERS';

/** What the main process of a run chose, for its workers. */
export const choiceVariable = 'CONCLAVE_TEST_SERVERS_CHOSEN';

/** Containers where an engine answers, processes elsewhere; `CONCLAVE_TEST_SERVERS` decides otherwise. */
export async function chooseBackEnd(): Promise<Choice> {
  const wish = process.env[wishVariable] ?? '';
  if (wish === 'processes' || wish === 'containers') return { kind: wish, why: `${wishVariable} says so` };
  if (wish !== '') throw new Error(`${wishVariable}=${wish}: it is "processes" or "containers"`);
  const engine = await engineCommand();
  if (engine)
    return { kind: 'containers', why: `a container engine answers; ${wishVariable}=processes decides otherwise` };
  return { kind: 'processes', why: 'no container engine answers' };
}

/** One line for whoever reads the output of a run. */
export const announce = (line: string): boolean => process.stderr.write(`test servers: ${line}\n`);

async function load(): Promise<ServerRunner> {
  const inherited = process.env[choiceVariable];
  let kind = inherited as Choice['kind'] | undefined;
  if (!kind) {
    const choice = await chooseBackEnd();
    announce(`${choice.kind}, because ${choice.why}`);
    kind = choice.kind;
  }
  if (kind === 'processes') return (await import('./processes.js')).processes;
  // Its reaper would be one more image to pull; our own guard removes what a killed run leaves.
  process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';
  const { containers } = await import('./containers.js');
  if (process.env[wishVariable] === 'containers') return containers;
  const { processes } = await import('./processes.js');
  return (await import('./fall-back.js')).fallBack(containers, processes, announce);
}

let chosen: Promise<ServerRunner> | undefined;

/** The back end of this run. */
export function serverRunner(): Promise<ServerRunner> {
  chosen ??= load();
  return chosen;
}
