import { computed, DestroyRef, inject, Injectable, signal } from '@angular/core';
import { Api, type File as RoomFile, type Page } from '../../core/api/api';
import { ApiProblem, asProblem } from '../../core/api/problem';
import { Uploader, type RunningUpload } from '../../core/api/upload';
import { PagedList, type Paged } from '../../core/list/paged-list';
import { stopwatch } from '../../core/time/server-clock';
import { plural } from '../../core/plural';
import { Leaving } from '../../shared/leaving/leaving';
import { LeavingFiles } from './leaving-files';
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

/** A file that is not shared yet. Its key makes every try count as the same one. */
interface Wanted {
  readonly file: File;
  key: string;
  tries: number;
}

/** The files of one room and the uploads under way. One instance per meeting; closing it stops everything. */
@Injectable()
export class RoomFiles {
  private readonly api = inject(Api);
  private readonly uploader = inject(Uploader);
  private readonly running = new Map<number, RunningUpload>();
  private readonly waiting = new Map<number, Wanted>();
  private readonly stored = new PagedList<RoomFile>({
    read: (page) => this.read(page),
    failed: (error) => {
      if (asProblem(error).reason === 'NOT_PRESENT') this.close();
    },
  });
  private readonly leaving = new LeavingFiles((id) => this.shred(id));
  private lastId = 0;
  /** Whether files may go up: before the room is open, and while one is coming back, they wait. */
  private mayGoUp = false;

  readonly slug = signal('');
  /** Newest first; null until the first answer, and while closed. */
  readonly list = computed(() => this.stored.items() ?? null);
  readonly pages: Paged = this.stored;
  /** Whose names stand in the list. */
  readonly owners = computed(() => (this.list() ?? []).map(({ owner }) => ({ id: owner.id, name: owner.displayName })));
  /** Deleted, and not yet shredded: that can be taken back. */
  readonly leavingIds = this.leaving.ids;
  readonly error = this.stored.error;
  readonly uploads = signal<readonly UploadView[]>([]);
  readonly maxBytes = signal<number | null>(null);
  /** True once the server said that we are outside: nothing is listed any longer. */
  readonly closed = signal(false);

  constructor() {
    inject(Leaving).hold('lost', () => {
      const count = this.uploads().filter(({ state }) => state !== 'failed').length;
      if (count === 0) return null;
      return plural(
        $localize`:@@leaving.uploads:{COUNT, plural, =1 {A file is on its way and would not arrive.} other {# files are on their way and would not arrive.}}`,
        count,
      );
    });
    const leave = () => this.leaving.endAll();
    addEventListener('pagehide', leave);
    inject(DestroyRef).onDestroy(() => {
      removeEventListener('pagehide', leave);
      leave();
    });
  }

  open(slug: string): Promise<void> {
    this.stored.clear();
    this.slug.set(slug);
    this.reopen();
    return this.load();
  }

  /** The person is outside for a moment and is coming back: nothing is listed, and what goes up waits to go on. */
  pause(): void {
    this.mayGoUp = false;
    this.stored.clear();
    for (const [id, upload] of this.running) {
      this.running.delete(id);
      upload.cancel();
      this.change(id, { state: 'waiting', sent: 0, bytesPerSecond: 0 });
    }
  }

  load(): Promise<void> {
    return this.stored.reload();
  }

  /** Stops every upload and forgets the list: the person is no longer in the meeting. */
  close(): void {
    this.mayGoUp = false;
    this.leaving.endAll();
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
      const view: UploadView = {
        id,
        name: file.name,
        size: file.size,
        sent: 0,
        bytesPerSecond: 0,
        ...this.turnOf(file),
      };
      this.uploads.update((list) => [...list, view]);
      this.waiting.set(id, { file, key: crypto.randomUUID(), tries: 0 });
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
    const wanted = this.waiting.get(id);
    if (!wanted) return;
    this.change(id, { sent: 0, ...this.turnOf(wanted.file) });
    this.startNext();
  }

  /** Shreds a file unless that is taken back in time; answers whether it is shredded. @throws ApiProblem when it is refused */
  remove(id: string): Promise<boolean> {
    return this.leaving.add(id);
  }

  keep(id: string): void {
    this.leaving.undo(id);
  }

  private async shred(id: string): Promise<void> {
    await this.api.deleteFile(this.slug(), id, { keepalive: true });
    if (!this.closed()) this.stored.remove(id);
  }

  private async read(page: { limit: number; after?: string | undefined }): Promise<Page<RoomFile>> {
    const answer = await this.api.files(this.slug(), page);
    this.maxBytes.set(answer.limits?.maxFileBytes ?? null);
    if (this.closed()) this.reopen();
    return answer;
  }

  private reopen(): void {
    this.closed.set(false);
    this.mayGoUp = true;
    this.startNext();
  }

  /** The rules of every try, the first and those after it. */
  private turnOf(file: File): Pick<UploadView, 'state' | 'error'> {
    const limit = this.maxBytes();
    if (limit !== null && file.size > limit) return { state: 'failed', error: new ApiProblem('FILE_TOO_LARGE') };
    return { state: 'waiting', error: null };
  }

  private startNext(): void {
    if (!this.mayGoUp) return;
    for (const upload of this.uploads()) {
      if (this.running.size >= AT_ONCE) return;
      const wanted = this.waiting.get(upload.id);
      if (upload.state === 'waiting' && wanted && !this.running.has(upload.id)) this.start(upload.id, wanted);
    }
  }

  private start(id: number, wanted: Wanted): void {
    const { file, key } = wanted;
    wanted.tries++;
    const rate = new TransferRate();
    this.change(id, { state: 'sending' });
    const upload = this.uploader.start(this.slug(), file, key, (sent) => {
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
      (error: unknown) => this.failed(id, wanted, upload, error),
    );
  }

  private finished(id: number, stored: RoomFile): void {
    this.running.delete(id);
    this.waiting.delete(id);
    this.uploads.update((list) => list.filter((item) => item.id !== id));
    if (!this.closed()) this.stored.put(stored);
    this.startNext();
  }

  private failed(id: number, wanted: Wanted, upload: RunningUpload, error: unknown): void {
    // A cancelled upload was taken off by cancel() or pause(); what is left is a real failure.
    if (this.running.get(id) !== upload) return;
    this.running.delete(id);
    if (wanted.tries > 1 && isSpent(error)) {
      // The try before broke off and nothing of it was kept: this one is the first.
      Object.assign(wanted, { key: crypto.randomUUID(), tries: 0 });
      this.change(id, { state: 'waiting', sent: 0 });
      return this.startNext();
    }
    this.change(id, { state: 'failed', error, bytesPerSecond: 0 });
    if (asProblem(error).reason === 'NOT_PRESENT') return this.close();
    this.startNext();
  }

  private change(id: number, changes: Partial<UploadView>): void {
    this.uploads.update((list) => list.map((item) => (item.id === id ? { ...item, ...changes } : item)));
  }
}

/** The key of an upload that came to nothing: the server says that it makes no file of it any more. */
function isSpent(error: unknown): boolean {
  const { reason, details } = asProblem(error);
  return reason === 'CONFLICT' && details['field'] === 'Idempotency-Key';
}
