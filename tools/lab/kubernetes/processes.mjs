// Starts the programs of a lab and ends exactly those: each leaves a note with its process id and the moment it began,
// for a process id may be given to somebody else later.
import { spawn } from 'node:child_process';
import { mkdirSync, openSync, closeSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const statFields = (pid) => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
};

/** When a process began, as text that only serves to be compared; null where there is none (a zombie is none). */
export function startedAt(pid) {
  const fields = statFields(pid);
  return fields && fields[0] !== 'Z' ? fields[19] : null;
}

const notes = (folder) => join(folder, 'processes');

/** Starts a program in the background, its words in <folder>/<name>.log. */
export function launch(folder, name, binary, args, env = {}) {
  mkdirSync(notes(folder), { recursive: true });
  const log = openSync(join(folder, `${name}.log`), 'a');
  const child = spawn(binary, args, {
    cwd: folder,
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, ...env },
  });
  closeSync(log);
  if (child.pid === undefined) {
    return new Promise((_resolve, reject) => child.once('error', reject));
  }
  writeFileSync(join(notes(folder), name), JSON.stringify({ pid: child.pid, startedAt: startedAt(child.pid) }));
  child.unref();
  return { name, alive: () => startedAt(child.pid) !== null };
}

/** The programs of a folder that still run. */
export function running(folder) {
  let names;
  try {
    names = readdirSync(notes(folder));
  } catch {
    return [];
  }
  return names
    .map((name) => ({ name, ...JSON.parse(readFileSync(join(notes(folder), name), 'utf8')) }))
    .filter(({ pid, startedAt: began }) => began !== null && startedAt(pid) === began);
}

/** Ends the programs of a folder, those named later first; what does not listen within some seconds is killed. */
export async function endAll(folder, order = []) {
  const rank = (name) => order.indexOf(name);
  const list = running(folder).sort((a, b) => rank(b.name) - rank(a.name));
  for (const { pid } of list) {
    process.kill(pid, 'SIGTERM');
    for (let i = 0; i < 10 && startedAt(pid) !== null; i++) await sleep(50);
  }
  for (let i = 0; i < 50 && running(folder).length; i++) await sleep(100);
  for (const { pid } of running(folder)) process.kill(pid, 'SIGKILL');
  for (let i = 0; i < 50 && running(folder).length; i++) await sleep(100);
  rmSync(notes(folder), { recursive: true, force: true });
}

/** Resident memory of the programs of a folder, in MiB by name. */
export function memory(folder) {
  const of = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  return Object.fromEntries(running(folder).map(({ name, pid }) => [name, Math.round(of(pid))]));
}

/** That many ports nobody listens on, on loopback. */
export async function freePorts(count) {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise((resolve, reject) => {
          const server = createServer();
          server.once('error', reject);
          server.listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
