// Finds the release before this one, and builds it apart from the checkout.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const git = (root, ...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 }).trim();
const migrations = ['services/auth/migrations', 'services/rooms/migrations', 'services/files/migrations'];

/**
 * What to come from: the newest tag `v…` that is not this commit; until there is a release, the commit before the newest
 * change of migrations; and where that cannot run here, this commit itself.
 */
export function previousCommit(root) {
  const head = git(root, 'rev-parse', 'HEAD');
  const tags = git(root, 'tag', '--list', 'v*', '--sort=-v:refname', '--merged', 'HEAD').split('\n').filter(Boolean);
  for (const tag of tags) {
    const commit = git(root, 'rev-list', '-1', tag);
    if (commit !== head) return { commit, name: tag };
  }
  const changed = git(root, 'log', '-1', '--format=%H', '--', ...migrations);
  const before =
    changed && spawnSync('git', ['rev-parse', '--verify', '--quiet', `${changed}^`], { cwd: root, encoding: 'utf8' });
  if (before?.status === 0) {
    const commit = before.stdout.trim();
    return { commit, name: `the commit before the newest migration (${commit.slice(0, 7)})` };
  }
  return { commit: head, name: 'this commit' };
}

/** A commit that somebody names. */
export const namedCommit = (root, name) => ({ commit: git(root, 'rev-parse', '--verify', `${name}^{commit}`), name });

/** Unpacks a commit into a folder and compiles it there; the checkout is not touched. */
export function buildCommit(root, commit, folder, say) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const archive = execFileSync('git', ['archive', commit], { cwd: root, maxBuffer: 1 << 30 });
  must('tar', ['-x', '-C', folder], folder, archive);
  if (sameDependencies(root, folder)) linkDependencies(root, folder);
  else {
    say('its dependencies are others: installing them');
    must('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], folder);
  }
  const packages = ['libs', 'services'].flatMap((parent) =>
    readdirSync(join(folder, parent)).map((name) => `${parent}/${name}`),
  );
  must(process.execPath, ['tools/compile.mjs', ...packages], folder);
}

function must(command, args, cwd, input) {
  const { status, stderr } = spawnSync(command, args, { cwd, input, encoding: 'utf8', timeout: 600_000 });
  if (status !== 0) throw new Error(`${command} ${args[0]} failed in ${cwd}:\n${stderr}`);
}

/** Everything from the registry is the same; our own packages are compiled anew anyway. */
function sameDependencies(root, folder) {
  const foreign = (file) =>
    JSON.stringify(
      Object.entries(JSON.parse(readFileSync(file, 'utf8')).packages)
        .filter(([path, { link }]) => path.includes('node_modules/') && !link)
        .map(([path, { version }]) => `${path}@${version}`)
        .sort(),
    );
  const [ours, theirs] = [root, folder].map((at) => join(at, 'package-lock.json'));
  const [own, other] = [new Set(JSON.parse(foreign(ours))), JSON.parse(foreign(theirs))];
  // What was added since then is in nobody's way.
  return other.every((entry) => own.has(entry));
}

function linkDependencies(root, folder) {
  const from = join(root, 'node_modules');
  const to = join(folder, 'node_modules');
  mkdirSync(join(to, '@conclave'), { recursive: true });
  for (const name of readdirSync(from)) if (name !== '@conclave') symlinkSync(join(from, name), join(to, name));
  // Links to our own packages are relative: in the scratch folder they lead to the old ones.
  for (const name of readdirSync(join(from, '@conclave'))) {
    const target = readlinkSync(join(from, '@conclave', name));
    if (existsSync(join(to, '@conclave', target))) symlinkSync(target, join(to, '@conclave', name));
  }
  for (const parent of ['libs', 'services'])
    for (const name of readdirSync(join(folder, parent))) {
      const own = join(root, parent, name, 'node_modules');
      if (existsSync(own)) symlinkSync(own, join(folder, parent, name, 'node_modules'));
    }
}
