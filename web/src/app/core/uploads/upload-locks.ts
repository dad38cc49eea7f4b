/** That this tab sends a file, as the other tabs of this browser see it. */
export interface HeldLock {
  /** Rejected when another tab has taken the file over. */
  readonly lost: Promise<never>;
  release(): void;
}

/** What other tabs know the sending of a file by. */
const lockName = (id: string): string => `conclave.upload.${id}`;

/**
 * Says to the other tabs that this one sends a file. Null where another one does, unless it is `steal`: then that one is told.
 * A browser without locks knows of no other tabs; the server lets only the newest of two go on in any case.
 */
export async function lockUpload(id: string, steal: boolean): Promise<HeldLock | null> {
  if (!('locks' in navigator)) return { lost: new Promise(() => undefined), release: () => undefined };
  const released = Promise.withResolvers<null>();
  const got = Promise.withResolvers<boolean>();
  const held = navigator.locks.request(lockName(id), steal ? { steal } : { ifAvailable: true }, (lock) => {
    got.resolve(lock !== null);
    return lock ? released.promise : null;
  });
  const lost = held.then(() => new Promise<never>(() => undefined));
  lost.catch(() => got.resolve(false));
  return (await got.promise) ? { lost, release: () => released.resolve(null) } : null;
}

/** Whether another tab, or this one, sends it just now. */
export async function isSent(id: string): Promise<boolean> {
  if (!('locks' in navigator)) return false;
  const { held } = await navigator.locks.query();
  return held?.some(({ name }) => name === lockName(id)) ?? false;
}

/** Resolves once nobody sends it any longer: it is whole, or that tab has stopped or gone. */
export async function whenFree(id: string): Promise<void> {
  if ('locks' in navigator) await navigator.locks.request(lockName(id), () => undefined);
}
