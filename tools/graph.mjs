// `npm run graph`: the folders of every part, how many imports lie between them, and the circles among them. Fails where there is one.
import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { cyclesOf, edgesOf } from './lint/folder-graph.mjs';

const parts = ['libs', 'services'].flatMap((folder) => readdirSync(folder).map((name) => join(folder, name, 'src')));
let total = 0;
for (const base of [...parts, 'deploy/local/src', 'deploy/tasks/src', 'web/src/app'].filter(existsSync)) {
  const edges = edgesOf(join(process.cwd(), base));
  const cycles = cyclesOf(edges);
  const folders = new Set(edges.flatMap(({ from, to }) => [from, to]));
  console.log(
    `${base.padEnd(24)} ${String(folders.size).padStart(3)} folders ${String(edges.length).padStart(4)} imports between them  ${cycles.length} cycles`,
  );
  for (const { folders: group, edges: tied } of cycles) {
    console.log(`  ${group.join(' <-> ')}`);
    for (const { file, target } of tied) console.log(`    ${relative(base, file)} -> ${relative(base, target)}`);
  }
  total += cycles.length;
}
console.log(`${total} folder cycles`);
process.exitCode = total ? 1 : 0;
