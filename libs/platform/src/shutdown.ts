import type { HealthRegistry } from './health/health-registry.js';
import type { Logger } from './logging/logger.js';

/** Phases of a stop, in this order: take no new work, finish what runs, close what it needed. */
const PHASES = ['traffic', 'work', 'connections'] as const;

/** When a hook runs. */
export type ShutdownPhase = (typeof PHASES)[number];

/** How a stop behaves. */
export interface ShutdownOptions {
  /** All hooks together, milliseconds; afterwards the process ends with 1. Stay below the grace period around it. */
  readonly boundMs?: number;
  /** Ends the process; a test gives its own. */
  readonly exit?: (code: number) => void;
}

/**
 * SIGTERM or SIGINT: `/readyz` says draining, hooks run phase by phase, the process ends with 0. A second signal ends it
 * at once. A hook that fails is logged and the rest still run.
 */
export class Shutdown {
  private readonly hooks: { phase: ShutdownPhase; name: string; run: () => Promise<unknown> }[] = [];
  private stopping: Promise<void> | undefined;
  private readonly boundMs: number;
  private readonly exit: (code: number) => void;
  private readonly onSignal = (signal: NodeJS.Signals): void => {
    if (this.stopping) {
      this.logger.warn('second signal, ending at once', { signal });
      return this.exit(1);
    }
    void this.stop(signal);
  };

  constructor(
    private readonly logger: Logger,
    private readonly health: HealthRegistry,
    options: ShutdownOptions = {},
  ) {
    this.boundMs = options.boundMs ?? 25_000;
    this.exit = options.exit ?? ((code) => process.exit(code));
  }

  /** Adds a hook; within a phase they run one after another, in the order they were added. */
  add(phase: ShutdownPhase, name: string, run: () => Promise<unknown>): void {
    this.hooks.push({ phase, name, run });
  }

  /** Starts listening for signals. */
  listen(): void {
    process.on('SIGTERM', this.onSignal);
    process.on('SIGINT', this.onSignal);
  }

  /** Stops as a signal would; a second call waits for the first. */
  stop(reason: string): Promise<void> {
    this.stopping ??= this.drain(reason);
    return this.stopping;
  }

  private async drain(signal: string): Promise<void> {
    const startedAt = performance.now();
    this.health.markDraining();
    this.logger.info('draining', { signal });
    let timer: NodeJS.Timeout | undefined;
    const bound = new Promise<'late'>((resolve) => {
      timer = setTimeout(resolve, this.boundMs, 'late');
    });
    const outcome = await Promise.race([this.runHooks().then(() => 'done' as const), bound]);
    clearTimeout(timer);
    process.off('SIGTERM', this.onSignal);
    process.off('SIGINT', this.onSignal);
    const durationMs = Math.round(performance.now() - startedAt);
    if (outcome === 'late') this.logger.error('drain took too long, ending', { durationMs });
    else this.logger.info('drained', { durationMs });
    this.exit(outcome === 'late' ? 1 : 0);
  }

  private async runHooks(): Promise<void> {
    for (const phase of PHASES) {
      for (const hook of this.hooks.filter((candidate) => candidate.phase === phase)) {
        try {
          await hook.run();
        } catch (error) {
          this.logger.error('shutdown hook failed', { step: hook.name, error });
        }
      }
    }
  }
}
