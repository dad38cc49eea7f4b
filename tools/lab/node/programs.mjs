// What the node lab needs of the machine, told all at once where it is missing.
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const packages = {
  containerd: 'containerd',
  ctr: 'containerd',
  runc: 'runc',
  docker: 'docker.io',
  iptables: 'iptables',
  conntrack: 'conntrack',
  ip: 'iproute2',
  unshare: 'util-linux',
  mount: 'mount',
};

const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'];

/** Where a program of the machine lies. */
export function programPath(name) {
  for (const folder of folders) {
    try {
      const path = join(folder, name);
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // The next folder may have it.
    }
  }
  return undefined;
}

/** Sentences about what is missing; none where the lab can run. */
export function missingHere() {
  if (process.platform !== 'linux') return ['It runs on Linux only.'];
  const problems = [];
  if (process.getuid() !== 0) problems.push('It needs root: containers, mounts and networks of their own are made.');
  const missing = Object.keys(packages).filter((name) => !programPath(name));
  const wanted = new Set(missing.map((name) => packages[name]));
  if (!existsSync('/usr/lib/cni/bridge')) wanted.add('containernetworking-plugins');
  if (wanted.size > 0) {
    problems.push(`Programs are missing: apt-get install -y --no-install-recommends ${[...wanted].join(' ')}`);
  }
  if (!/\boverlay\b/.test(readFileSync('/proc/filesystems', 'utf8'))) problems.push('The kernel has no overlayfs.');
  return problems;
}
