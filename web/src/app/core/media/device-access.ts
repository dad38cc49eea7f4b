import { blockedDevice, stoppedDevice, type DeviceKind, type DeviceProblem } from './device-problem';

/** What the browser lets this page do with a device; `unknown` where it does not say. */
export type DeviceAccess = PermissionState | 'unknown';

const KINDS: readonly DeviceKind[] = ['microphone', 'camera'];

/** Tells when the person changes in the browser's settings what this page may use, until the answer is called. */
export function watchAccess(heard: (kind: DeviceKind, access: DeviceAccess) => void): () => void {
  const watching = new AbortController();
  for (const kind of KINDS)
    void statusOf(kind).then((status) =>
      status?.addEventListener('change', () => heard(kind, status.state), { signal: watching.signal }),
    );
  return () => watching.abort();
}

/** Why a device that was open is not any longer, though nobody here switched it off. */
export async function whyItStopped(kind: DeviceKind): Promise<DeviceProblem> {
  const status = await statusOf(kind);
  return status?.state === 'denied' ? blockedDevice(kind) : stoppedDevice(kind);
}

/** Not every browser knows these names; then it is only told by what a device does. */
async function statusOf(kind: DeviceKind): Promise<PermissionStatus | null> {
  if (!('permissions' in navigator)) return null;
  return navigator.permissions.query({ name: kind as PermissionName }).catch(() => null);
}
