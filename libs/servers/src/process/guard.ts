import { spawn, type ChildProcess } from 'node:child_process';

/** Processes are ended in this order: those that serve people first, then what they stand on. */
export type GuardGroup = 'service' | 'server';

// Reads "+ pid group signal", "- pid", "c container" and "d container" until its input closes. That happens when the
// process that wrote them is gone, however it went; then nobody else is left to end its children, and this does.
const script = `
trap '' INT TERM HUP PIPE
list=""; containers=""
while read -r op pid group sig; do
  case "$op" in
    +) list="$list $pid:$group:$sig";;
    -) kept=""; for e in $list; do [ "\${e%%:*}" = "$pid" ] || kept="$kept $e"; done; list=$kept;;
    c) containers="$containers $pid";;
    d) kept=""; for c in $containers; do [ "$c" = "$pid" ] || kept="$kept $c"; done; containers=$kept;;
  esac
done
for group in service server; do
  wanted=""
  for e in $list; do case $e in *:$group:*) wanted="$wanted $e";; esac; done
  for e in $wanted; do kill -"\${e##*:}" "\${e%%:*}" 2>/dev/null; done
  i=0
  while [ $i -lt 80 ]; do
    left=""; for e in $wanted; do kill -0 "\${e%%:*}" 2>/dev/null && left="$left $e"; done
    [ -z "$left" ] && break
    # A second signal means "now" to servers that wait for their users to leave.
    [ $i -eq 20 ] && for e in $left; do kill -"\${e##*:}" "\${e%%:*}" 2>/dev/null; done
    sleep 0.1; i=$((i+1))
  done
  # Each leads a group of its own; whatever is left of it goes now.
  for e in $wanted; do kill -s KILL -- "-\${e%%:*}" 2>/dev/null; done
done
# Containers belong to their engine, not to us; most have gone with the command that was attached to them.
for c in $containers; do
  docker stop -t 8 "$c" >/dev/null 2>&1
  docker rm -f -v "$c" >/dev/null 2>&1
done
`;

let guard: ChildProcess | null = null;
const guarded = new Set<number | string>();

function open(): ChildProcess {
  // Its own session: Ctrl-C at a terminal reaches everyone in the foreground and must not reach the guard.
  const child = spawn('/bin/sh', ['-c', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'], cwd: '/' });
  child.stdin?.on('error', () => {});
  child.on('error', () => {});
  child.unref();
  (child.stdin as unknown as { unref?: () => void }).unref?.();
  return child;
}

function add(what: number | string, line: string): void {
  guard ??= open();
  guarded.add(what);
  guard.stdin?.write(line);
}

function drop(what: number | string, line: string): void {
  if (!guarded.delete(what)) return;
  guard?.stdin?.write(line);
  if (guarded.size > 0) return;
  guard?.stdin?.end();
  guard = null;
}

/** From now on the process is ended soon after this one is gone, even if this one is killed without a chance to tidy up. */
export function watch(pid: number, group: GuardGroup, signal: NodeJS.Signals): void {
  add(pid, `+ ${pid} ${group} ${signal.replace('SIG', '')}\n`);
}

/** The process has ended; its id may now be anybody's. */
export const unwatch = (pid: number): void => drop(pid, `- ${pid}\n`);

/** The same for a container: it is stopped and removed soon after this process is gone. Its name must hold no spaces. */
export const watchContainer = (name: string): void => add(name, `c ${name}\n`);

/** The container has been removed. */
export const unwatchContainer = (name: string): void => drop(name, `d ${name}\n`);
