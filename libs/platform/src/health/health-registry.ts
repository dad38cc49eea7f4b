/** Where a process is in its life. */
export type ReadinessState = 'starting' | 'ready' | 'draining';

/** Resolves when all is well, rejects when not; the signal fires at the time-out. */
export type HealthCheck = (signal: AbortSignal) => Promise<unknown>;

/** The answer of `/readyz`: names only, never an error's words. */
export interface HealthReport {
  readonly state: ReadinessState;
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, 'ok' | 'failed' | 'timeout'>>;
  /** The names of the checks that are not ok. */
  readonly failing: readonly string[];
}

/** Named checks and the readiness of this process; inject it by this class. */
export class HealthRegistry {
  private current: ReadinessState = 'starting';
  private readonly checks = new Map<string, { check: HealthCheck; timeoutMs: number }>();

  get state(): ReadinessState {
    return this.current;
  }

  /** Adds a check that `/readyz` asks each time. */
  add(name: string, check: HealthCheck, timeoutMs = 2000): void {
    if (this.checks.has(name)) throw new Error(`health check ${name} exists already`);
    this.checks.set(name, { check, timeoutMs });
  }

  /** Boot is over. A process that drains never becomes ready again. */
  markReady(): void {
    if (this.current === 'starting') this.current = 'ready';
  }

  /** No new work, please. */
  markDraining(): void {
    this.current = 'draining';
  }

  /** Asks every check at once. */
  async report(): Promise<HealthReport> {
    const results = await Promise.all(
      [...this.checks].map(async ([name, { check, timeoutMs }]) => [name, await ask(check, timeoutMs)] as const),
    );
    const failing = results.filter(([, result]) => result !== 'ok').map(([name]) => name);
    return {
      state: this.current,
      ready: this.current === 'ready' && failing.length === 0,
      checks: Object.fromEntries(results),
      failing,
    };
  }
}

async function ask(check: HealthCheck, timeoutMs: number): Promise<'ok' | 'failed' | 'timeout'> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(() => {
      controller.abort();
      resolve('timeout');
    }, timeoutMs);
  });
  // An async wrapper, so that a check that throws at once is a failed check and not a failed report.
  const answer = (async () => check(controller.signal))().then(
    () => 'ok' as const,
    () => 'failed' as const,
  );
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
