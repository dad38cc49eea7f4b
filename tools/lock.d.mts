/** Runs `work` while no other process holds the lock of that name in that folder. */
export function withLockIn<T>(folder: string, name: string, work: () => Promise<T>, onWait?: () => void): Promise<T>;
