import { DomainError } from '@conclave/errors';
import { Metrics } from '@conclave/platform';
import { Injectable } from '@nestjs/common';

/** What a file operation is called in metrics. */
export type FileOperation =
  | 'start_upload'
  | 'list_uploads'
  | 'get_upload'
  | 'resume_upload'
  | 'end_upload'
  | 'upload'
  | 'list'
  | 'get'
  | 'delete'
  | 'digest'
  | 'open'
  | 'download'
  | 'shred_room'
  | 'sweep';

/** What files tells about itself. No ids in labels. */
@Injectable()
export class FilesMetrics {
  private readonly operations;
  private readonly durations;
  private readonly bytes;
  private readonly inFlight;
  private readonly crypto;
  private readonly engine;
  private readonly integrity;
  private readonly kek;
  private readonly orphans;
  private readonly missing;

  constructor(metrics: Metrics) {
    this.operations = metrics.counter('files_op_total', 'File operations that ended', ['op', 'outcome']);
    for (const op of ['upload', 'download'])
      for (const outcome of ['ok', 'INTERNAL', 'UNAVAILABLE']) this.operations.inc({ op, outcome }, 0);
    this.durations = metrics.histogram('files_op_duration_seconds', 'How long file operations took', ['op']);
    this.bytes = metrics.counter('files_bytes_total', 'Plaintext bytes received and sent', ['dir']);
    this.inFlight = metrics.gauge('files_inflight_bytes', 'Declared bytes of the streams that run now');
    this.crypto = metrics.histogram(
      'files_crypto_duration_seconds',
      'Sealing and opening of batches, waiting included',
      ['op'],
    );
    this.engine = metrics.gauge('files_sealing_engine_info', 'What seals runs of segments, by which path, and why', [
      'engine',
      'path',
      'reason',
    ]);
    this.integrity = metrics.counter(
      'files_integrity_failures_total',
      'Sealed files that did not verify; any increase is an alarm',
    );
    this.kek = metrics.gauge('files_kek_version_info', 'Key-encryption keys that are loaded; 1 is the active one', [
      'version',
    ]);
    this.orphans = metrics.gauge('files_orphan_objects', 'Objects without a row at the last sweep');
    this.missing = metrics.gauge(
      'files_index_missing_objects',
      'Available files whose object was gone at the last sweep',
    );
  }

  /** Runs an operation and counts how it ended. */
  async observe<T>(op: FileOperation, work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    let outcome = 'ok';
    try {
      return await work();
    } catch (error) {
      outcome = error instanceof DomainError ? error.reason : 'INTERNAL';
      if (outcome === 'FILE_INTEGRITY') this.integrity.inc();
      throw error;
    } finally {
      this.operations.inc({ op, outcome });
      this.durations.observe({ op }, (performance.now() - started) / 1000);
    }
  }

  received(bytes: number): void {
    this.bytes.inc({ dir: 'in' }, bytes);
  }

  sent(bytes: number): void {
    this.bytes.inc({ dir: 'out' }, bytes);
  }

  /** Counts a stream's bytes as under way until the returned function is called. */
  streamStarted(bytes: number): () => void {
    this.inFlight.inc(bytes);
    return () => this.inFlight.dec(bytes);
  }

  cryptoDone(op: 'seal' | 'open', seconds: number): void {
    this.crypto.observe({ op }, seconds);
  }

  engineChosen(engine: string, path: string, reason: string): void {
    this.engine.set({ engine, path, reason }, 1);
  }

  kekLoaded(version: string, active: boolean): void {
    this.kek.set({ version }, active ? 1 : 0);
  }

  /** A stored object that is not what was written: found by looking, before a reader does. */
  rotten(): void {
    this.integrity.inc();
  }

  swept(found: { orphans: number; missing: number }): void {
    this.orphans.set(found.orphans);
    this.missing.set(found.missing);
  }
}
