import { effect, inject, Injectable, signal, untracked } from '@angular/core';
import type { File as RoomFile } from '../../core/api/api';
import { Downloads, type Received } from '../../core/api/download';
import { asProblem, type ApiProblem } from '../../core/api/problem';
import { Network } from '../../core/device/network';
import { backoffMs } from '../../core/events/backoff';
import { isolated } from '../../core/format';
import { stopwatch } from '../../core/time/server-clock';
import { Toasts } from '../../shared/toast/toasts';
import { TransferRate } from './transfer-rate';
import type { Hold } from './upload-course';

/** A smaller one is there before anybody has chosen where: the browser does that by itself. */
export const LARGE_BYTES = 32 * 1024 * 1024;
const TELL_EVERY_MS = 100;
const FRUITLESS = 8;

/** A download as the list shows it. */
export interface DownloadView {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly received: number;
  readonly bytesPerSecond: number;
  readonly state: 'receiving' | 'paused' | 'failed' | 'done';
  /** It stands still and goes on by itself. */
  readonly hold: Hold | null;
  readonly error: unknown;
}

interface Wanted {
  readonly file: RoomFile;
  readonly target: FileSystemWritableFileStream;
  got: Received;
  stop: AbortController | null;
}

type SavePicker = (options: { suggestedName: string }) => Promise<FileSystemFileHandle>;
const savePicker = () => (globalThis as unknown as { showSaveFilePicker?: SavePicker }).showSaveFilePicker;

/** Whether a file goes to disk piece by piece; otherwise the browser's own download takes it, which goes on by itself too. */
export const streamsToDisk = (size: number): boolean => size >= LARGE_BYTES && savePicker() !== undefined;

/**
 * Large files on their way to this device: a piece at a time from the network to the disk, on again after a broken connection,
 * as long as the person is in the meeting. Until a file is whole, nothing stands under its name.
 */
@Injectable()
export class DownloadQueue {
  private readonly downloads = inject(Downloads);
  private readonly network = inject(Network);
  private readonly toasts = inject(Toasts);
  private readonly wanted = new Map<string, Wanted>();
  private wakes = Promise.withResolvers<undefined>();
  private cut = new AbortController();
  private open = true;
  slug = '';

  readonly views = signal<readonly DownloadView[]>([]);
  /** Hears that the server takes us for outside. */
  outside: () => void = () => undefined;

  constructor() {
    effect(() => {
      if (this.network.online()) return untracked(() => this.wake());
      // Without a network what still trickles in is no line to count on: it goes on, when there is one again.
      this.cut.abort();
      this.cut = new AbortController();
    });
  }

  /** Asks where to, and begins. Call it within a click. False where the browser has to do it in its own way. */
  async start(file: RoomFile): Promise<boolean> {
    if (this.wanted.has(file.id)) return true;
    let target: FileSystemWritableFileStream;
    try {
      const handle = await savePicker()?.({ suggestedName: file.name });
      if (!handle || !('createWritable' in handle)) return false;
      target = await handle.createWritable();
    } catch (error) {
      // Closing the chooser is a decision; a name or a place that it does not take is not.
      return error instanceof DOMException && error.name === 'AbortError';
    }
    this.wanted.set(file.id, { file, target, got: { bytes: 0, tag: null }, stop: null });
    const { id, name, size } = file;
    this.views.update((list) => [
      ...list.filter((view) => view.id !== id),
      { id, name, size, received: 0, bytesPerSecond: 0, state: 'paused', hold: null, error: null },
    ]);
    void this.run(id);
    return true;
  }

  hold(id: string): void {
    this.halt(id);
    this.change(id, { state: 'paused', bytesPerSecond: 0, hold: null });
  }

  resume(id: string): void {
    void this.run(id);
  }

  /** Ends it: nothing of it stays on this device. */
  cancel(id: string): void {
    this.halt(id);
    const wanted = this.wanted.get(id);
    this.wanted.delete(id);
    void wanted?.target.abort().catch(() => undefined);
    this.views.update((list) => list.filter((view) => view.id !== id));
  }

  wake(): void {
    this.wakes.resolve(undefined);
    this.wakes = Promise.withResolvers();
  }

  /** Outside for a moment: what runs waits to go on. */
  pause(): void {
    this.open = false;
    for (const { id, state } of this.views())
      if (state === 'receiving') {
        this.halt(id);
        this.change(id, { bytesPerSecond: 0, hold: 'busy' });
      }
  }

  /** Inside again. */
  reopen(slug: string): void {
    this.open = true;
    this.slug = slug;
    for (const { id, state } of this.views()) if (state === 'receiving') void this.run(id);
  }

  /** The person is outside: files are closed to them, and downloads end in words. */
  close(): void {
    this.open = false;
    for (const { id, name, state } of this.views()) {
      this.cancel(id);
      if (state === 'receiving' || state === 'paused')
        this.toasts.say(
          $localize`:@@files.downloadEnded:The download of “${isolated(name)}:NAME:” has ended. Files open only while you are in the meeting.`,
        );
    }
  }

  private async run(id: string): Promise<void> {
    const wanted = this.wanted.get(id);
    if (!wanted || wanted.stop || !this.open) return;
    const stop = new AbortController();
    wanted.stop = stop;
    this.change(id, { state: 'receiving', hold: null, error: null });
    try {
      await this.receive(id, wanted, stop.signal);
      await wanted.target.close();
      this.wanted.delete(id);
      this.change(id, { state: 'done', received: wanted.file.size, bytesPerSecond: 0, hold: null });
    } catch (error) {
      if (stop.signal.aborted) return;
      if (asProblem(error).reason === 'NOT_PRESENT') return this.outside();
      this.change(id, { state: 'failed', error, bytesPerSecond: 0, hold: null });
    } finally {
      if (wanted.stop === stop) wanted.stop = null;
    }
  }

  /** Until it is whole: over as many connections as it takes. */
  private async receive(id: string, wanted: Wanted, stopped: AbortSignal): Promise<void> {
    const { file, target } = wanted;
    const sink = { write: (position: number, data: BufferSource) => target.write({ type: 'write', position, data }) };
    let rate = new TransferRate();
    let toldAt = 0;
    let fruitless = 0;
    const progress = (received: Received) => {
      // Behind another state of the file nothing of the one before may stay.
      if (received.bytes < wanted.got.bytes) void target.truncate(received.bytes);
      else if (received.bytes > wanted.got.bytes) fruitless = 0;
      wanted.got = received;
      const now = stopwatch();
      rate.add(received.bytes, now);
      if (stopped.aborted || now - toldAt < TELL_EVERY_MS) return;
      toldAt = now;
      this.change(id, { received: received.bytes, bytesPerSecond: rate.bytesPerSecond(), hold: null });
    };
    for (let tries = 0; ; tries++) {
      try {
        const signal = AbortSignal.any([stopped, this.cut.signal]);
        return await this.downloads.receive(this.slug, file, wanted.got, sink, signal, progress);
      } catch (error) {
        const problem = asProblem(error);
        if (stopped.aborted || !PASSING.has(problem.reason)) throw error;
        if (fruitless === 0) tries = 0;
        if (!problem.offline && ++fruitless > FRUITLESS) throw error;
        rate = new TransferRate();
        this.change(id, { hold: this.network.online() ? 'busy' : 'offline', bytesPerSecond: 0 });
        await this.rest(tries, problem, stopped);
        stopped.throwIfAborted();
      }
    }
  }

  private rest(tries: number, { retryAfterSeconds = 0 }: ApiProblem, stopped: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(backoffMs(tries), retryAfterSeconds * 1_000));
      const end = () => {
        clearTimeout(timer);
        resolve();
      };
      stopped.addEventListener('abort', end, { once: true });
      if (retryAfterSeconds === 0) void this.wakes.promise.then(end);
    });
  }

  private halt(id: string): void {
    const wanted = this.wanted.get(id);
    wanted?.stop?.abort();
    if (wanted) wanted.stop = null;
  }

  private change(id: string, changes: Partial<DownloadView>): void {
    this.views.update((list) => list.map((view) => (view.id === id ? { ...view, ...changes } : view)));
  }
}

const PASSING: ReadonlySet<string> = new Set(['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'RATE_LIMITED', 'BUSY']);
