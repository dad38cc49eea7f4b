import { engineCommand } from '@conclave/servers';
import type { ServerRunner } from './runner.js';

let chosen: Promise<ServerRunner> | undefined;

async function choose(): Promise<ServerRunner> {
  const wish = process.env['CONCLAVE_TEST_SERVERS'];
  const containers = wish === 'containers' || (wish !== 'processes' && (await engineCommand()) !== null);
  return containers ? (await import('./containers.js')).containers : (await import('./processes.js')).processes;
}

/** Containers where an engine answers, processes elsewhere; `CONCLAVE_TEST_SERVERS=processes|containers` decides otherwise. */
export function serverRunner(): Promise<ServerRunner> {
  chosen ??= choose();
  return chosen;
}
