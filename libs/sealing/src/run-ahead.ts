/** A piece of work that starts when `start` is called. */
export interface Job<T> {
  start(): Promise<T>;
  /** Instead of `start`: nobody wants it any more, and what it holds is wiped. */
  drop(): void;
}

/**
 * Starts jobs up to `width` ahead of the consumer and hands their results out in order; the width may change meanwhile. Reading the source goes on while
 * the consumer is busy (uploading a part, waiting for a slow socket), but never further than that: this bounds the memory of
 * a stream. The signal ends it at once, even while the source keeps silent. What was ready and never handed out is given to
 * `discard`.
 */
export async function* runAhead<T>(
  jobs: AsyncIterator<Job<T>, unknown>,
  engine: { readonly width: number },
  signal: AbortSignal,
  discard: (result: T) => void = () => undefined,
): AsyncGenerator<T, void> {
  const ready: Promise<T>[] = [];
  let ended = false;
  let failure: { readonly cause: unknown } | undefined;
  let stopped = false;
  let wakeConsumer: () => void = () => undefined;
  let wakeSource: () => void = () => undefined;

  const abort = () => {
    failure ??= { cause: signal.reason };
    wakeConsumer();
    wakeSource();
  };

  const readSource = async () => {
    try {
      while (!stopped && failure === undefined) {
        if (ready.length >= engine.width) {
          await new Promise<void>((resolve) => (wakeSource = resolve));
          continue;
        }
        const next = await jobs.next();
        if (next.done) break;
        if (stopped || failure !== undefined) {
          next.value.drop();
          break;
        }
        const result = next.value.start();
        result.catch(() => undefined); // seen by the consumer when its turn comes
        ready.push(result);
        wakeConsumer();
      }
    } catch (cause) {
      failure ??= { cause };
    } finally {
      ended = true;
      wakeConsumer();
      // Not awaited: a silent source answers only after its owner has closed it.
      jobs.return?.().then(undefined, () => undefined);
    }
  };

  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  void readSource();
  try {
    for (;;) {
      if (signal.aborted) throw signal.reason;
      const result = ready.shift();
      wakeSource();
      if (result !== undefined) {
        yield await result;
      } else if (failure !== undefined) {
        throw failure.cause;
      } else if (ended) {
        return;
      } else {
        await new Promise<void>((resolve) => (wakeConsumer = resolve));
      }
    }
  } finally {
    stopped = true;
    for (const result of ready) result.then(discard, () => undefined);
    signal.removeEventListener('abort', abort);
    wakeSource();
  }
}
