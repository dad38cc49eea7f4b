// What of the machine a run could leave behind, read before and after: mounts, interfaces, rules, kernel settings, control
// groups, processes and the fixed folders of container runtimes.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programPath } from './programs.mjs';

/** Kernel settings that a kubelet changes for the whole machine. */
const settings = [
  'vm/overcommit_memory',
  'vm/panic_on_oom',
  'kernel/panic',
  'kernel/panic_on_oops',
  'net/ipv4/ip_forward',
];
const fixedFolders = [
  '/var/lib/cni',
  '/var/lib/kubelet',
  '/var/log/pods',
  '/var/log/containers',
  '/run/netns',
  '/run/containerd',
];
const groups = '/sys/fs/cgroup';

const setting = (name) => readFileSync(join('/proc/sys', name), 'utf8').trim();
const listed = (folder) => (existsSync(folder) ? readdirSync(folder).sort() : null);

/** Control groups of pods, on whichever hierarchies this machine has. */
function podGroups() {
  if (!existsSync(groups)) return [];
  return [groups, ...readdirSync(groups).map((name) => join(groups, name))]
    .map((folder) => join(folder, 'kubepods'))
    .filter((folder) => existsSync(folder));
}

function rules() {
  try {
    return execFileSync(programPath('iptables-save') ?? 'iptables-save', { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line && !line.startsWith('#'))
      .map((line) => line.replace(/\[\d+:\d+\]/, ''));
  } catch {
    return [];
  }
}

const under = (folder) => (line) => !folder || line.includes(folder);

/** What there is now. `folder` is the run's own: mounts and processes are looked for by it. */
export function machineNow(folder) {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(join('/proc', pid, 'cmdline'), 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    })
    .filter((line) => line.includes(folder) && !line.includes('test-node'));
  return {
    mounts: readFileSync('/proc/mounts', 'utf8').split('\n').filter(under(folder)),
    interfaces: readdirSync('/sys/class/net')
      .filter((name) => /^(cni|lab)/.test(name))
      .sort(),
    rules: rules().filter((line) => /KUBE-|CNI-|cni-lab/.test(line)),
    settings: Object.fromEntries(settings.map((name) => [name, setting(name)])),
    folders: Object.fromEntries(fixedFolders.map((path) => [path, listed(path)])),
    groups: podGroups(),
    processes,
  };
}

/** Removes control groups that are empty: the tree is the machine's, since cgroups know no mount namespace. */
function removeGroups(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeGroups(join(folder, entry.name));
  }
  try {
    rmdirSync(folder);
  } catch {
    // One that still holds a process is told by the comparison.
  }
}

/** Puts back what no namespace keeps apart. */
export function putBack(before) {
  for (const [name, value] of Object.entries(before.settings)) {
    if (setting(name) !== value) writeFileSync(join('/proc/sys', name), value);
  }
  for (const folder of podGroups()) if (!before.groups.includes(folder)) removeGroups(folder);
}

/** Names of what differs. */
export function differences(before, after) {
  return Object.keys(before).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
}
