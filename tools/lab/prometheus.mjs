// Finds Prometheus: `node tools/lab/prometheus.mjs promtool|prometheus [--only path|debian|go]` prints the path of a binary and
// brings it where there is none: on PATH, else from Debian's package (unpacked into the user's cache, nothing is installed and
// nobody has to be root), else built by the committed go.mod and go.sum beside this file.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ensureGo } from '@conclave/servers';

const modules = join(import.meta.dirname, 'go/prometheus');
const version = 'v0.316.0';
const cache = () => join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'conclave', 'prometheus');

const runs = (file) => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

function run(command, args, options = {}) {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8', ...options });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr.trim().slice(-600)}`);
}

/** Makes `target` by `make(folder)`: whole, or not at all. */
function once(target, make) {
  if (existsSync(target)) return;
  mkdirSync(cache(), { recursive: true });
  const work = mkdtempSync(join(cache(), '.make-'));
  try {
    make(work);
    renameSync(work, target);
  } catch (error) {
    rmSync(work, { recursive: true, force: true });
    // Another process may have been faster.
    if (!existsSync(target)) throw error;
  }
}

const ways = {
  path(name) {
    const found = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name));
    return found.find(runs);
  },
  debian(name) {
    const target = join(cache(), 'debian');
    once(target, (work) => {
      run('apt-get', ['download', 'prometheus'], { cwd: work });
      const [file] = readdirSync(work).filter((entry) => entry.endsWith('.deb'));
      run('dpkg-deb', ['-x', join(work, file), work]);
    });
    const binary = join(target, 'usr/bin', name);
    // It must also run here: another release of Debian may have another C library.
    return spawnSync(binary, ['--version']).status === 0 ? binary : undefined;
  },
  async go(name) {
    const target = join(cache(), `go-${version}-${name}`);
    if (existsSync(target)) return join(target, name);
    const go = await ensureGo();
    once(target, (work) => {
      // No service discovery but the static one: a third of the packages, and nothing that a local run needs is missing.
      const flags = ['-mod=readonly', '-tags', 'remove_all_sd', '-trimpath', '-ldflags=-s -w', '-o', work];
      run(go, ['build', ...flags, `github.com/prometheus/prometheus/cmd/${name}`], {
        cwd: modules,
        env: { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOFLAGS: '-buildvcs=false' },
      });
    });
    return join(target, name);
  },
};

/** Path of `promtool` or `prometheus`. Throws where no way leads to it, with what each said. */
export async function findPrometheus(name, only = Object.keys(ways)) {
  const said = [];
  for (const way of only) {
    try {
      const found = await ways[way](name);
      if (found) return found;
    } catch (error) {
      said.push(`${way}: ${error.message}`);
    }
  }
  throw new Error(`there is no ${name}. Install Debian's package prometheus.\n${said.join('\n')}`);
}

if (process.argv[1] === import.meta.filename) {
  const [name, flag, way] = process.argv.slice(2);
  if (!['promtool', 'prometheus'].includes(name) || (flag && (flag !== '--only' || !(way in ways)))) {
    console.error('usage: node tools/lab/prometheus.mjs promtool|prometheus [--only path|debian|go]');
    process.exit(2);
  }
  console.log(await findPrometheus(name, way ? [way] : undefined));
}
