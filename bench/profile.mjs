/**
 * `node bench/profile.mjs [FILES] [MIB]`: where processor seconds go while so many files (4) of so many MiB (1024) are shared one after
 * another, and read. Prints, for the gateway, files and the store, seconds in user and system mode, and of the first two which
 * functions they were in; stacks for a flame graph are kept in results/ as `*.folded` (one stack a line, its microseconds behind it).
 */
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataWorld } from './data-world.mjs';
import { GIBIBYTE, MEBIBYTE } from './measure.mjs';

const [count = '4', mebibytes = '1024'] = process.argv.slice(2);
const bytes = Number(mebibytes) * MEBIBYTE;
const gibibytes = (Number(count) * bytes) / GIBIBYTE;
const results = new URL('./results/', import.meta.url);

/** User and system seconds of a process. */
async function modes(pid) {
  const [, ...fields] = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ');
  return fields
    .join(') ')
    .split(' ')
    .slice(11, 13)
    .map((ticks) => Number(ticks) / 100);
}

const fileOf = (url) =>
  url
    .replace(/^file:\/\//, '')
    .replace(/^.*\/node_modules\//, '')
    .replace(/^.*\/(libs|services)\//, '$1/');

/** Self time by function and whole stacks of a profile, in microseconds. */
function readProfile({ nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map();
  for (const node of nodes) for (const child of node.children ?? []) parents.set(child, node.id);
  const nameOf = ({ callFrame: { functionName, url } }) =>
    `${functionName || '(anonymous)'}${url ? ` ${fileOf(url)}` : ''}`;
  const self = new Map();
  const stacks = new Map();
  for (const [at, id] of samples.entries()) {
    const took = timeDeltas[at] ?? 0;
    const name = nameOf(byId.get(id));
    self.set(name, (self.get(name) ?? 0) + took);
    const stack = [];
    for (let up = id; up !== undefined; up = parents.get(up)) stack.unshift(nameOf(byId.get(up)));
    const line = stack.slice(1).join(';');
    stacks.set(line, (stacks.get(line) ?? 0) + took);
  }
  return { self, stacks };
}

async function profiled(world, name, work) {
  const folder = await mkdtemp(join(tmpdir(), 'conclave-profile-'));
  const options = (who) => ['--cpu-prof', `--cpu-prof-dir=${join(folder, who)}`, '--cpu-prof-interval=400'];
  const pair = await world.pair({ nodeOptions: { gateway: options('gateway'), files: options('files') } });
  const pids = { gateway: pair.pids[0], files: pair.pids[1], store: world.storePid };
  const before = await Promise.all(Object.values(pids).map(modes));
  const started = performance.now();
  const made = await work(pair);
  const seconds = (performance.now() - started) / 1_000;
  const after = await Promise.all(Object.values(pids).map(modes));
  console.log(`\n## ${name}: ${count} x ${mebibytes} MiB in ${seconds.toFixed(1)} s, processor seconds per GiB`);
  for (const [at, who] of Object.keys(pids).entries()) {
    const [user, system] = [0, 1].map((mode) => (after[at][mode] - before[at][mode]) / gibibytes);
    console.log(
      `${who.padEnd(8)} user ${user.toFixed(2)}  system ${system.toFixed(2)}  all ${(user + system).toFixed(2)}`,
    );
  }
  await pair.stop();
  await mkdir(results, { recursive: true });
  for (const who of ['gateway', 'files']) {
    for (const file of await readdir(join(folder, who))) {
      const { self, stacks } = readProfile(JSON.parse(await readFile(join(folder, who, file), 'utf8')));
      const all = [...self.values()].reduce((sum, one) => sum + one, 0);
      const idle = self.get('(idle)') ?? 0;
      if (all - idle < 300_000) continue;
      const thread = file.split('.').at(-3);
      console.log(`\n${who}, thread ${thread}: busy ${((all - idle) / 1e6 / gibibytes).toFixed(2)} s/GiB`);
      for (const [what, took] of [...self].sort((a, b) => b[1] - a[1]).slice(0, 30))
        if (what !== '(idle)') console.log(`  ${(took / 1e6 / gibibytes).toFixed(3)}  ${what}`);
      const lines = [...stacks].map(([stack, took]) => `${stack} ${took}`).join('\n');
      await writeFile(new URL(`profile-${name}-${who}-${thread}.folded`, results), lines);
    }
  }
  await rm(folder, { recursive: true, force: true });
  return made;
}

const world = await dataWorld();
try {
  const ids = await profiled(world, 'upload', async (pair) => {
    const made = [];
    for (let at = 0; at < Number(count); at += 1) made.push(await pair.upload(bytes));
    return made;
  });
  await profiled(world, 'download', async (pair) => {
    for (const id of ids) if ((await pair.read(id)) !== bytes) throw new Error('a read came to an end too soon');
  });
} finally {
  await world.close();
}
process.exit(0);
