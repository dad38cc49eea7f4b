// What the kernel says about the containers of a pod: the node's processes are ours to see, so nothing is asked of the
// containers themselves, and images without a shell are seen as well as others.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const read = (pid, file) => {
  try {
    return readFileSync(join('/proc', pid, file), 'utf8');
  } catch {
    return '';
  }
};

const field = (text, name) => new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(text)?.[1] ?? '';

/** Every process in the containers of a pod, but for the one that holds its namespaces. */
export function processesOf(pod) {
  const uid = pod.metadata.uid;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && read(name, 'cgroup').includes(`pod${uid}`))
    .map((pid) => {
      const status = read(pid, 'status');
      const rootMount = read(pid, 'mountinfo')
        .split('\n')
        .map((line) => line.split(' '))
        .find((parts) => parts[4] === '/');
      return {
        pid: Number(pid),
        name: field(status, 'Name'),
        uids: field(status, 'Uid').split('\t').map(Number),
        gids: field(status, 'Gid').split('\t').map(Number),
        capabilities: ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].map((name) => field(status, name)),
        noNewPrivileges: field(status, 'NoNewPrivs') === '1',
        // 2: a filter of system calls is on.
        seccomp: field(status, 'Seccomp') === '2',
        readOnlyRoot: rootMount?.[5]?.split(',').includes('ro') ?? false,
        // Of a process in a namespace of its own the last number is the one inside.
        insidePid: Number(field(status, 'NSpid').split('\t').at(-1)),
        // Shared pages are divided among those who share them.
        memoryMiB: Number(field(read(pid, 'smaps_rollup'), 'Pss').replace(' kB', '') || 0) / 1024,
      };
    })
    .filter(({ name }) => name && name !== 'pause');
}
