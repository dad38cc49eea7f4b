#!/bin/bash
# isolated.sh COMMAND...: runs a command as the only one of mount, network and process namespaces of its own. What it mounts,
# what it routes and what it starts ends with it; what lies outside cannot be reached, let alone ended.
set -euo pipefail

exec unshare --mount --net --pid --fork --kill-child --mount-proc --propagation private bash -c '
  set -euo pipefail
  ip link set lo up
  # Container runtimes write to fixed places: here they are in memory, over those of the machine.
  mount -t tmpfs -o mode=755 tmpfs /run
  mkdir -p /run/over/var /run/over/work /run/lock
  mount -t overlay -o lowerdir=/var,upperdir=/run/over/var,workdir=/run/over/work overlay /var
  # The first process of a namespace has to bury orphans, which bash does while it waits.
  "$@" &
  wait $!
' isolated "$@"
