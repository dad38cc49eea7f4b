import { httpOk, serviceOf } from '@conclave/servers';
import type { Installation } from './installation.js';
import { readState, stillRuns, type KnownProcess } from './run-state.js';
import { engineOf } from './sealing-engine.js';

/** Exit code where nothing runs, as service managers have it. */
export const notRunning = 3;

async function stateOf(process: KnownProcess): Promise<string> {
  if (!stillRuns(process)) return 'down';
  if (!serviceOf(process.name)) return 'running';
  const ready = await httpOk(`http://127.0.0.1:${process.port}/readyz`).catch(() => false);
  return ready ? 'ready' : 'not ready';
}

/** Prints what runs and where. The exit code is 0 when everything does, 1 when something does not, 3 when nothing does. */
export async function status(installation: Installation, print: (line: string) => void): Promise<number> {
  const state = readState(installation.stateFile);
  if (!state || !stillRuns(state.supervisor)) {
    print('Conclave does not run from this checkout. Start it: npm start');
    return notRunning;
  }
  print(
    `${state.url}  ${state.ready ? 'up' : 'starting'} since ${state.since} (supervisor: process ${state.supervisor.pid})`,
  );
  let well = state.ready;
  for (const process of state.processes) {
    const how = await stateOf(process);
    if (how === 'down' || how === 'not ready') well = false;
    const restarts = process.restarts ? `  started again ${process.restarts} times` : '';
    print(
      `  ${process.name.padEnd(10)} ${how.padEnd(10)} process ${String(process.pid).padEnd(8)} port ${process.port}${restarts}`,
    );
  }
  const missing = state.missing ?? [];
  for (const { name, trouble, restarts } of missing)
    print(`  ${name.padEnd(10)} down       ${trouble}; it is started again by itself, ${restarts} times so far`);
  if (missing.length > 0) well = false;
  const files = state.processes.find(({ name }) => serviceOf(name) === 'files');
  const engine = files?.port ? await engineOf(files.port).catch(() => null) : null;
  if (engine) print(`  sealing: ${engine}`);
  print(`  mailbox: ${state.mailbox}`);
  print(`  logs: ${installation.logs}`);
  return well ? 0 : 1;
}
