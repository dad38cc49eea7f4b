// What one package needs at run time, taken from the lockfile of the whole project: `npm ci --workspace` would install
// the development dependencies of every workspace it passes.

/** Versions that a manifest asks for at run time; an optional peer is somebody else's choice. */
function wanted(entry) {
  const optionalPeers = entry.peerDependenciesMeta ?? {};
  const peers = Object.keys(entry.peerDependencies ?? {}).filter((name) => !optionalPeers[name]?.optional);
  return [
    ...Object.keys(entry.dependencies ?? {}).map((name) => ({
      name,
      optional: name in (entry.optionalDependencies ?? {}),
    })),
    ...Object.keys(entry.optionalDependencies ?? {}).map((name) => ({ name, optional: true })),
    ...peers.map((name) => ({ name, optional: false })),
  ];
}

/** Finds `name` as Node does from the folder `from`: its own node_modules, then those of the folders above. */
function resolve(packages, name, from) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const path = folder ? `${folder}/node_modules/${name}` : `node_modules/${name}`;
    if (path in packages && !folder.endsWith('node_modules')) return path;
    if (!folder) return undefined;
  }
}

/** The name of the package at a path of the lockfile. */
export const nameOf = (path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/**
 * Every entry of the lockfile that the workspaces in `folders` need at run time, by path; links to workspaces are kept
 * and followed. Throws where the lockfile lacks one.
 */
export function closureOf(lock, ...folders) {
  const { packages } = lock;
  const missing = folders.filter((folder) => !packages[folder]);
  if (missing.length > 0) throw new Error(`not in the lockfile: ${missing.join(', ')}`);
  const isLink = (path) => packages[path].link && folders.includes(packages[path].resolved);
  const found = new Map();
  const queue = [...folders, ...Object.keys(packages).filter(isLink)];
  while (queue.length > 0) {
    const path = queue.pop();
    if (found.has(path)) continue;
    const entry = packages[path];
    found.set(path, entry);
    if (entry.link) {
      queue.push(entry.resolved);
      continue;
    }
    for (const { name, optional } of wanted(entry)) {
      const target = resolve(packages, name, path);
      if (target) queue.push(target);
      else if (!optional) throw new Error(`${path} needs ${name}, and the lockfile has none`);
    }
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Folders of the project's own packages in a closure. */
export const workspacesOf = (closure) => [...closure.keys()].filter((path) => !path.includes('node_modules/'));

/** A manifest of ours without what is only needed to work on it. */
export function manifestOf(manifest) {
  return Object.fromEntries(Object.entries(manifest).filter(([key]) => key !== 'devDependencies'));
}

/** Manifest and lockfile of a project that has nothing but this closure; `npm ci` installs it as it stands. */
export function projectOf(root, lock, closure) {
  const { name, version, license } = root;
  const workspaces = workspacesOf(closure);
  const packages = { '': { name, version, license, workspaces } };
  for (const [path, entry] of closure) packages[path] = workspaces.includes(path) ? manifestOf(entry) : entry;
  return {
    manifest: { name, version, private: true, license, type: 'module', workspaces },
    lock: { name, version, lockfileVersion: lock.lockfileVersion, requires: true, packages },
  };
}

/** Packages that want to run something while they are installed, and of which nobody has said whether they may. */
export function unjudgedScripts(closure, { allowed, refused }) {
  const names = [...closure].filter(([, entry]) => entry.hasInstallScript).map(([path]) => nameOf(path));
  return [...new Set(names)].filter((name) => !allowed.includes(name) && !(name in refused));
}
