import { computed, inject, Injectable, signal } from '@angular/core';
import { Api, type File as RoomFile, type Page } from '../../core/api/api';
import { ApiProblem, asProblem } from '../../core/api/problem';
import { Uploader, type RunningUpload } from '../../core/api/upload';
import { PagedList, type Paged } from '../../core/list/paged-list';
import { stopwatch } from '../../core/time/server-clock';
import { TransferRate } from './transfer-rate';

/** An upload as the list shows it. */
export interface UploadView {
  readonly id: number;
  readonly name: string;
  readonly size: number;
  readonly sent: number;
  readonly bytesPerSecond: number;
  /** `sealing`: all bytes are sent, the server seals and stores the last of them. */
  readonly state: 'waiting' | 'sending' | 'sealing' | 'failed';
  readonly error: unknown;
}

const AT_ONCE = 3;

/** The files of one room and the uploads under way. One instance per meeting; closing it stops everything. */
@Injectable()
export class RoomFiles {
  private readonly api = inject(Api);
  private readonly uploader = inject(Uploader);
  private readonly running = new Map<number, RunningUpload>();
  private readonly waiting = new Map<number, File>();
  private readonly stored = new PagedList<RoomFile>({
    read: (page) => this.read(page),
    failed: (error) => {
      if (asProblem(error).reason === 'NOT_PRESENT') this.close();
    },
  });
  private lastId = 0;

  readonly slug = signal('');
  /** Newest first; null until the first answer, and while closed. */
  readonly list = computed(() => this.stored.items() ?? null);
  readonly pages: Paged = this.stored;
  readonly error = this.stored.error;
  readonly uploads = signal<readonly UploadView[]>([]);
  readonly maxBytes = signal<number | null>(null);
  /** True once the server said that we are outside: nothing is listed any longer. */
  readonly closed = signal(false);

  open(slug: string): Promise<void> {
    this.stored.clear();
    this.slug.set(slug);
    return this.load();
  }

  load(): Promise<void> {
    return this.stored.reload();
  }

  /** Stops every upload and forgets the list: the person is no longer in the meeting. */
  close(): void {
    this.closed.set(true);
    this.stored.clear();
    this.waiting.clear();
    for (const upload of this.running.values()) upload.cancel();
    this.running.clear();
    this.uploads.set([]);
  }

  add(files: Iterable<File>): void {
    for (const file of files) {
      const id = ++this.lastId;
      const limit = this.maxBytes();
      const tooLarge = limit !== null && file.size > limit;
      const view: UploadView = {
        id,
        name: file.name,
        size: file.size,
        sent: 0,
        bytesPerSecond: 0,
        state: tooLarge ? 'failed' : 'waiting',
        error: tooLarge ? new ApiProblem('FILE_TOO_LARGE') : null,
      };
      this.uploads.update((list) => [...list, view]);
      this.waiting.set(id, file);
    }
    this.startNext();
  }

  cancel(id: number): void {
    this.waiting.delete(id);
    const upload = this.running.get(id);
    this.running.delete(id);
    this.uploads.update((list) => list.filter((item) => item.id !== id));
    upload?.cancel();
    this.startNext();
  }

  retry(id: number): void {
    if (!this.waiting.has(id)) return;
    this.change(id, { state: 'waiting', sent: 0, error: null });
    this.startNext();
  }

  async remove(id: string): Promise<void> {
    await this.api.deleteFile(this.slug(), id);
    this.stored.drop(id);
  }

  private async read(page: { limit: number; after?: string | undefined }): Promise<Page<RoomFile>> {
    const answer = await this.api.files(this.slug(), page);
    this.maxBytes.set(answer.limits?.maxFileBytes ?? null);
    this.closed.set(false);
    return answer;
  }

  private startNext(): void {
    for (const upload of this.uploads()) {
      if (this.running.size >= AT_ONCE) return;
      const file = this.waiting.get(upload.id);
      if (upload.state === 'waiting' && file && !this.running.has(upload.id)) this.start(upload.id, file);
    }
  }

  private start(id: number, file: File): void {
    const rate = new TransferRate();
    this.change(id, { state: 'sending' });
    const upload = this.uploader.start(this.slug(), file, (sent) => {
      rate.add(sent, stopwatch());
      this.change(id, {
        sent: Math.min(sent, file.size),
        bytesPerSecond: rate.bytesPerSecond(),
        state: sent >= file.size ? 'sealing' : 'sending',
      });
    });
    this.running.set(id, upload);
    upload.done.then(
      (stored) => this.finished(id, stored),
      (error: unknown) => this.failed(id, error),
    );
  }

  private finished(id: number, stored: RoomFile): void {
    this.running.delete(id);
    this.waiting.delete(id);
    this.uploads.update((list) => list.filter((item) => item.id !== id));
    if (!this.closed()) this.stored.put(stored);
    this.startNext();
  }

  private failed(id: number, error: unknown): void {
    // A cancelled upload was taken off the list by cancel(); what is left is a real failure.
    if (!this.running.delete(id)) return;
    this.change(id, { state: 'failed', error, bytesPerSecond: 0 });
    if (asProblem(error).reason === 'NOT_PRESENT') return this.close();
    this.startNext();
  }

  private change(id: number, changes: Partial<UploadView>): void {
    this.uploads.update((list) => list.map((item) => (item.id === id ? { ...item, ...changes } : item)));
  }
}
