import { computed, DestroyRef, effect, inject, Injectable, signal } from '@angular/core';
import { Api, type File as RoomFile, type Page } from '../../core/api/api';
import { asProblem } from '../../core/api/problem';
import { PagedList, type Paged } from '../../core/list/paged-list';
import { plural } from '../../core/plural';
import { pickedFile, type PickedFile } from '../../core/uploads/picked-file';
import { Leaving } from '../../shared/leaving/leaving';
import { DownloadQueue } from './download-queue';
import { LeavingFiles } from './leaving-files';
import { UploadQueue } from './upload-queue';
import { mayRun } from './upload-view';

/** What others send is listed while bytes come; nobody tells the room when they stop. */
const MOVING_MS = 15_000;

/** The files of one room and the uploads under way. One instance per meeting; closing it stops everything. */
@Injectable()
export class RoomFiles {
  private readonly api = inject(Api);
  /** The uploads under way. */
  readonly queue = new UploadQueue();
  /** Large files on their way to this device. */
  readonly downloads = new DownloadQueue();
  private readonly stored = new PagedList<RoomFile>({
    read: (page) => this.read(page),
    failed: (error) => {
      if (asProblem(error).reason === 'NOT_PRESENT') this.close();
    },
  });
  private readonly leaving = new LeavingFiles((id) => this.shred(id));

  readonly slug = signal('');
  /** Newest first; null until the first answer, and while closed. */
  readonly list = computed(() => {
    // What this page sends stands above, as an upload.
    const own = this.queue.ids();
    return this.stored.items()?.filter(({ id, status }) => status === 'available' || !own.has(id)) ?? null;
  });
  readonly pages: Paged = this.stored;
  /** Whose names stand in the list. */
  readonly owners = computed(() => (this.list() ?? []).map(({ owner }) => ({ id: owner.id, name: owner.displayName })));
  /** Deleted, and not yet shredded: that can be taken back. */
  readonly leavingIds = this.leaving.ids;
  readonly error = this.stored.error;
  readonly uploads = this.queue.views;
  readonly maxBytes = this.queue.maxBytes;
  /** True once the server said that we are outside: nothing is listed any longer. */
  readonly closed = signal(false);

  constructor() {
    this.queue.stored = () => this.load();
    this.queue.outside = () => this.close();
    this.downloads.outside = () => this.close();
    inject(Leaving).hold('lost', () => {
      const count = this.uploads().filter(mayRun).length;
      if (count === 0) return null;
      return plural(
        $localize`:@@leaving.uploadsPause:{COUNT, plural, =1 {A file is on its way. It stops, and goes on when you are back.} other {# files are on their way. They stop, and go on when you are back.}}`,
        count,
      );
    });
    inject(Leaving).hold('lost', () =>
      this.downloads.views().some(({ state }) => state === 'receiving' || state === 'paused')
        ? $localize`:@@leaving.download:A download is not whole yet, and ends.`
        : null,
    );
    const moving = computed(() => this.list()?.some(({ status }) => status === 'uploading') ?? false);
    effect((done) => {
      if (!moving()) return;
      const timer = setInterval(() => void this.load(), MOVING_MS);
      done(() => clearInterval(timer));
    });
    const leave = () => this.leaving.endAll();
    addEventListener('pagehide', leave);
    inject(DestroyRef).onDestroy(() => {
      removeEventListener('pagehide', leave);
      leave();
      this.downloads.close();
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
    this.stored.clear();
    this.queue.pause();
    this.downloads.pause();
  }

  load(): Promise<void> {
    return this.stored.reload();
  }

  /** Stops every upload and forgets the list: the person is no longer in the meeting. */
  close(): void {
    this.leaving.endAll();
    this.closed.set(true);
    this.stored.clear();
    this.queue.close();
    this.downloads.close();
  }

  add(files: Iterable<File | PickedFile>): void {
    void this.queue.add([...files].map((file) => (file instanceof File ? pickedFile(file) : file)));
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
    this.queue.wake();
    this.downloads.wake();
    this.queue.settle(answer.items);
    return answer;
  }

  private reopen(): void {
    this.closed.set(false);
    void this.queue.open(this.slug());
    this.downloads.reopen(this.slug());
  }
}
