/**
 * `npm run bench` or `node bench/run.mjs [name …]`: runs the benchmarks in ratios/, prints ratio, goal and pass or short, and keeps
 * the raw rounds in results/. BENCH_ROUNDS (default 7, at least 5) sets the rounds.
 *
 * A benchmark is a module whose default export is `{ id, title, prepare() }`; `prepare` starts what it needs and returns
 * `{ facts, ratios, close() }`: each ratio is measured by itself. Where several ratios are made of the same work, it returns `sides`,
 * which are measured in rotation, and `judged`, what is made of their figures (`alternate.mjs`); a dear one names `rounds` of its own.
 * It may return `skipped: 'why'` in place of all.
 */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { alternate, judge, rotate } from './alternate.mjs';

const rounds = Number(process.env.BENCH_ROUNDS ?? 7);
const folder = new URL('./ratios/', import.meta.url);
const results = new URL('./results/', import.meta.url);

function goalInWords(goal) {
  return 'atLeast' in goal ? `>= ${goal.atLeast}` : `<= ${goal.atMost}`;
}

function figure(value) {
  if (value >= 100) return value.toFixed(0);
  return value >= 0.1 ? value.toFixed(2) : value.toPrecision(2);
}

function print(result) {
  console.log(`  ${result.name}`);
  console.log(`    ours  ${figure(result.medians.ours).padStart(8)} ${result.unit}  ${result.ours}`);
  if (result.peer) console.log(`    peer  ${figure(result.medians.peer).padStart(8)} ${result.unit}  ${result.peer}`);
  const { lowest, highest } = result.spread;
  console.log(
    `    ${result.peer ? 'ratio' : 'bound'} ${figure(result.ratio).padStart(8)} (rounds ${figure(lowest)}-${figure(highest)}), goal ${goalInWords(result.goal)}: ${result.verdict}`,
  );
}

async function runOne({ id, title, prepare }) {
  console.log(`${id}  ${title}`);
  const started = new Date();
  const prepared = await prepare();
  const { facts = {}, ratios = [], sides = {}, judged = [], skipped, close = async () => undefined } = prepared;
  if (skipped !== undefined) {
    console.log(`  skipped: ${skipped}`);
    return [];
  }
  const measured = [];
  try {
    for (const ratio of ratios) {
      const result = await alternate(ratio, rounds);
      measured.push(result);
      print(result);
    }
    const asked = process.env.BENCH_ROUNDS ? rounds : (prepared.rounds ?? rounds);
    const figures = judged.length > 0 ? await rotate(sides, asked) : {};
    for (const one of judged) {
      const result = judge(one, sides, figures);
      measured.push(result);
      print(result);
    }
  } finally {
    await close();
  }
  const machine = {
    node: process.version,
    openssl: process.versions.openssl,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memory: totalmem(),
    load: loadavg(),
  };
  await mkdir(results, { recursive: true });
  const file = new URL(`${id}-${started.toISOString().replaceAll(/[:.]/g, '-')}.json`, results);
  await writeFile(file, `${JSON.stringify({ id, title, started, machine, facts, ratios: measured }, null, 2)}\n`);
  return measured;
}

const wanted = process.argv.slice(2).map((name) => name.toLowerCase());
const files = (await readdir(folder)).filter((file) => file.endsWith('.mjs')).sort();
const benchmarks = await Promise.all(files.map(async (file) => (await import(new URL(file, folder))).default));
const chosen = benchmarks.filter(({ id }) => wanted.length === 0 || wanted.includes(id.toLowerCase()));
if (chosen.length === 0) {
  console.error(`No such benchmark. There are: ${benchmarks.map(({ id }) => id).join(', ')}`);
  process.exit(64);
}
const verdicts = [];
for (const benchmark of chosen) for (const result of await runOne(benchmark)) verdicts.push(result.verdict);
const short = verdicts.filter((verdict) => verdict === 'short').length;
console.log(`${verdicts.length - short} at their goal, ${short} short`);
