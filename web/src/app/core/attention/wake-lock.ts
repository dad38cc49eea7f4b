/** Keeps the screen lit until the answer is called. A browser gives the lock back whenever the page is hidden; then it is asked again. */
export function keepAwake(): () => void {
  if (!('wakeLock' in navigator)) return () => undefined;
  let held: WakeLockSentinel | null = null;
  let wanted = true;
  const hold = async () => {
    if (!wanted || document.hidden) return;
    // Refused where the battery is low; the meeting goes on all the same.
    const lock = await navigator.wakeLock.request('screen').catch(() => null);
    if (wanted) held = lock;
    else await lock?.release();
  };
  const seen = () => void hold();
  document.addEventListener('visibilitychange', seen);
  seen();
  return () => {
    wanted = false;
    document.removeEventListener('visibilitychange', seen);
    void held?.release().catch(() => undefined);
  };
}
