// Builds the labs' tools from the Go module proxy by committed go.mod and go.sum into the user's cache:
//   node tools/lab/go/build.mjs                          all that the API server lab and the chart's checks need
//   node tools/lab/go/build.mjs kubernetes helm3         whole sets
//   node tools/lab/go/build.mjs kubernetes:helm,kubectl  some tools of a set
// What is there already is not built again. Binaries: ~/.cache/conclave/lab/<set>-<hash>/bin, links in ~/.cache/conclave/lab/bin.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureGo } from '@conclave/servers';
import { labCache, linkFolder, withLock } from './cache.mjs';
import { readSet } from './sets.mjs';

/** What `npm run test:cluster` and the chart's checks use. */
export const clusterTools = ['kubernetes', 'helm3', 'kubeconform', 'kube-linter', 'helm-unittest'];

const binFolder = (set) => join(labCache(), set.cacheKey, 'bin');

/** Compiles some tools of a set in one go; the packages they share are compiled once. */
function goInstall(go, set, tools, into, progress) {
  return new Promise((resolve, reject) => {
    const args = ['install', '-v', '-trimpath', '-mod=readonly', `-ldflags=${['-s -w', ...set.flags].join(' ')}`];
    const child = spawn(go, [...args, ...tools.map((tool) => tool.path)], {
      cwd: set.folder,
      env: { ...process.env, CGO_ENABLED: '0', GOBIN: into, GOFLAGS: '-buildvcs=false', GOTOOLCHAIN: 'local' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const tail = [];
    let compiled = 0;
    child.stderr.on('data', (chunk) => {
      for (const line of chunk.toString().split('\n').filter(Boolean)) {
        tail.push(line);
        if (tail.length > 20) tail.shift();
        if (!line.startsWith('go: ')) compiled++;
      }
      progress(compiled);
    });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`go install of ${set.name} ended with ${code}:\n${tail.join('\n')}`)),
    );
  });
}

/** Binaries appear in one step each, so that nobody ever starts half of one. */
async function buildInto(bin, set, tools, say) {
  await mkdir(bin, { recursive: true });
  const work = await mkdtemp(join(labCache(), `.build-${set.name}-`));
  const began = Date.now();
  let told = began;
  try {
    const names = tools.map((tool) => tool.binary).join(', ');
    say(`building ${names} (set ${set.name})`);
    await goInstall(await ensureGo({ progress: say }), set, tools, work, (compiled) => {
      if (Date.now() - told < 30_000) return;
      told = Date.now();
      say(`building ${names}: ${compiled} packages, ${((told - began) / 1000).toFixed(0)} s`);
    });
    for (const tool of tools) {
      await chmod(join(work, tool.installed), 0o755);
      await rename(join(work, tool.installed), join(bin, tool.binary));
    }
    say(`built ${names} in ${((Date.now() - began) / 1000).toFixed(0)} s`);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function link(bin, tools) {
  await mkdir(linkFolder(), { recursive: true });
  for (const { binary } of tools) {
    const fresh = join(linkFolder(), `.${binary}.${process.pid}`);
    await rm(fresh, { force: true });
    await symlink(join(bin, binary), fresh);
    await rename(fresh, join(linkFolder(), binary));
  }
}

/**
 * Brings the tools of a set up (`kubernetes`, or `kubernetes:helm,kubectl` for some of them) and returns the path of each
 * by its name.
 */
export async function toolsOf(request, say = () => undefined) {
  const [name, chosen] = request.split(':');
  const set = readSet(name);
  const wanted = chosen ? chosen.split(',') : undefined;
  const unknown = (wanted ?? []).filter((each) => !set.tools.some((tool) => tool.binary === each));
  if (unknown.length) {
    const known = set.tools.map((tool) => tool.binary).join(', ');
    throw new Error(`The set ${name} has no ${unknown.join(', ')}. Its tools: ${known}`);
  }
  const tools = set.tools.filter((tool) => (wanted ? wanted.includes(tool.binary) : !tool.onRequest));
  const bin = binFolder(set);
  const missing = () => tools.filter((tool) => !existsSync(join(bin, tool.binary)));
  if (missing().length) {
    await withLock(
      set.cacheKey,
      async () => {
        // Another checkout may have built them while this one waited.
        if (missing().length) await buildInto(bin, set, missing(), say);
      },
      () => say(`waiting for another process that builds ${name}`),
    );
  }
  await link(bin, tools);
  return Object.fromEntries(tools.map((tool) => [tool.binary, join(bin, tool.binary)]));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const requests = process.argv.slice(2);
  try {
    for (const request of requests.length ? requests : clusterTools) {
      const paths = await toolsOf(request, (line) => console.log(line));
      for (const path of Object.values(paths)) console.log(path);
    }
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
