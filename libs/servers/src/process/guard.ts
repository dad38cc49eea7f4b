import { spawn, type ChildProcess } from 'node:child_process';

/** Processes are ended in this order: those that serve people first, then what they stand on. */
export type GuardGroup = 'service' | 'server';

// Reads "+ pid group signal" and "- pid" until its input closes. That happens when the process that wrote them is gone,
// however it went; then nobody else is left to end its children, and this does.
const script = `
trap '' INT TERM HUP PIPE
list=""
while read -r op pid group sig; do
  if [ "$op" = "+" ]; then list="$list $pid:$group:$sig"; else
    kept=""; for e in $list; do [ "\${e%%:*}" = "$pid" ] || kept="$kept $e"; done; list=$kept
  fi
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
`;

let guard: ChildProcess | null = null;
const guarded = new Set<number>();

function open(): ChildProcess {
  // Its own session: Ctrl-C at a terminal reaches everyone in the foreground and must not reach the guard.
  const child = spawn('/bin/sh', ['-c', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'], cwd: '/' });
  child.stdin?.on('error', () => {});
  child.on('error', () => {});
  child.unref();
  (child.stdin as unknown as { unref?: () => void }).unref?.();
  return child;
}

/** From now on the process is ended soon after this one is gone, even if this one is killed without a chance to tidy up. */
export function watch(pid: number, group: GuardGroup, signal: NodeJS.Signals): void {
  guard ??= open();
  guarded.add(pid);
  guard.stdin?.write(`+ ${pid} ${group} ${signal.replace('SIG', '')}\n`);
}

/** The process has ended; its id may now be anybody's. */
export function unwatch(pid: number): void {
  if (!guarded.delete(pid)) return;
  guard?.stdin?.write(`- ${pid}\n`);
  if (guarded.size > 0) return;
  guard?.stdin?.end();
  guard = null;
}
