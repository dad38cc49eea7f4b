import { computed, DestroyRef, effect, inject, Injectable, signal, untracked } from '@angular/core';
import { Api, type File as RoomFile } from '../../core/api/api';
import { ApiProblem, asProblem } from '../../core/api/problem';
import { Uploads } from '../../core/api/upload';
import { Network } from '../../core/device/network';
import { plural } from '../../core/plural';
import { stopwatch } from '../../core/time/server-clock';
import { KeptUploads } from '../../core/uploads/kept-uploads';
import { fingerprint, openHandle, type PickedFile } from '../../core/uploads/picked-file';
import { lockUpload, whenFree, type HeldLock } from '../../core/uploads/upload-locks';
import { LeavingFiles } from './leaving-files';
import { TransferRate } from './transfer-rate';
import { sendWhole, WITH_BEGIN_BYTES, type Hold } from './upload-course';
import { UploadMemory } from './upload-memory';
import { unfinishedUploads } from './unfinished-uploads';
import { blankView, isSpent, mayRun, totalsOf, type UploadView } from './upload-view';
import { isOther, type Wanted } from './wanted-upload';

const AT_ONCE = 3;
/** A bar that moves more often is not seen to move more. */
const TELL_EVERY_MS = 100;

interface Running {
  readonly stop: AbortController;
  lock: HeldLock | null;
}

/**
 * Files on their way up, in their order, three at once. What is not whole goes on after a lost network, after coming back into the
 * meeting and after a reload of the page.
 */
@Injectable()
export class UploadQueue {
  private readonly api = inject(Api);
  private readonly uploads = inject(Uploads);
  private readonly kept = inject(KeptUploads);
  private readonly memory = inject(UploadMemory);
  private readonly network = inject(Network);
  private readonly wanted = new Map<number, Wanted>();
  private readonly running = new Map<number, Running>();
  private readonly leaving = new LeavingFiles<number>((id) => this.end(id));
  private slug = '';
  /** Whether files may go up: before the room is open, and while one is outside, they wait. */
  private mayGoUp = false;
  private wakes = Promise.withResolvers<undefined>();
  private cut = new AbortController();

  readonly views = signal<readonly UploadView[]>([]);
  /** What has arrived since the queue was last empty. */
  private readonly arrivals = signal({ count: 0, bytes: 0 });
  readonly totals = computed(() => totalsOf(this.views(), this.arrivals()));
  /** Their ids at the server: the room lists what is on its way too. */
  readonly ids = computed<ReadonlySet<string>>(() => {
    const at = this.views().map(({ id }) => this.wanted.get(id)?.id ?? '');
    return new Set(at);
  });
  /** For whoever listens to the page: once for many. */
  readonly said = signal('');
  readonly maxBytes = signal<number | null>(null);
  /** Hears of each file that has arrived; what it answers is waited for before the row goes. */
  stored: (id: string) => Promise<void> = () => Promise.resolve();
  /** Hears that the server takes us for outside. */
  outside: () => void = () => undefined;

  constructor() {
    effect(() => {
      const online = this.network.online();
      untracked(() => (online ? this.wake() : this.breakOff()));
    });
    const leave = () => this.leaving.endAll();
    addEventListener('pagehide', leave);
    inject(DestroyRef).onDestroy(() => {
      removeEventListener('pagehide', leave);
      this.close();
    });
  }

  /** The room is open: what waits goes on, and what was begun before a reload is here again. */
  async open(slug: string): Promise<void> {
    if (this.slug !== slug) {
      this.slug = slug;
      this.recall(this.memory.take(slug));
    }
    this.mayGoUp = true;
    this.wake();
    this.startNext();
    await this.findUnfinished();
  }

  /** The person is outside for a moment: everything stops where it is. */
  pause(): void {
    this.mayGoUp = false;
    for (const id of [...this.running.keys()]) {
      this.stop(id);
      this.change(id, { state: 'waiting', bytesPerSecond: 0, hold: null });
    }
  }

  /** The person has left: nothing is shown any longer. Coming back, it goes on where it was. */
  close(): void {
    this.pause();
    this.leaving.endAll();
    if (this.slug === '') return;
    const left = this.views().flatMap((view) => {
      const wanted = this.wanted.get(view.id);
      return wanted ? [{ view, wanted }] : [];
    });
    this.memory.put(this.slug, left);
    this.slug = '';
    this.wanted.clear();
    this.views.set([]);
  }

  /** The server answers: whoever waits for that need not wait longer. */
  wake(): void {
    this.wakes.resolve(undefined);
    this.wakes = Promise.withResolvers();
  }

  async add(picked: readonly PickedFile[]): Promise<void> {
    const news = await this.withoutAnswers(picked);
    if (news.length === 0) return;
    if (this.totals().count === 0) this.arrivals.set({ count: 0, bytes: 0 });
    const views: UploadView[] = [];
    for (const { file, name, handle } of news) {
      const id = this.memory.nextId();
      views.push({ ...blankView(name, file.size), id, ...this.turnOf(file.size) });
      this.wanted.set(id, { key: crypto.randomUUID(), id: null, file, handle, print: null, steals: false });
    }
    this.views.update((list) => [...list, ...views]);
    this.said.set(addedWords(views.length));
    void this.keep(views.filter(({ id }) => this.isKept(id)));
    this.startNext();
  }

  /** Stops it until somebody goes on with it. */
  hold(id: number): void {
    const view = this.viewOf(id);
    if (!view || !mayRun(view)) return;
    this.stop(id);
    this.change(id, { state: 'paused', bytesPerSecond: 0, hold: null });
    void this.keep([this.viewOf(id)]);
    this.startNext();
  }

  /** Goes on with what is paused, has failed, or is sent by another tab. */
  async resume(id: number): Promise<void> {
    const [view, wanted] = [this.viewOf(id), this.wanted.get(id)];
    if (!view || !wanted) return;
    if (view.state === 'elsewhere') wanted.steals = true;
    if (!wanted.file) {
      const file = wanted.handle && (await openHandle(wanted.handle, true));
      if (!(file instanceof File))
        return this.change(id, { state: 'asks', ask: file === 'asks' ? 'permission' : 'file' });
      if (await isOther(file, wanted, view)) return this.change(id, { state: 'asks', ask: 'other-file' });
      wanted.file = file;
    }
    if (view.state === 'failed' && wanted.id !== null && isGone(view.error)) this.beginAnew(wanted);
    this.change(id, { ...this.turnOf(view.size), ask: null });
    void this.keep([this.viewOf(id)]);
    this.startNext();
  }

  /** The person has chosen a file for an upload that this page has none of. */
  async answer(id: number, { file, handle }: PickedFile): Promise<void> {
    const [view, wanted] = [this.viewOf(id), this.wanted.get(id)];
    if (!view || !wanted) return;
    if (await isOther(file, wanted, view)) return this.change(id, { state: 'asks', ask: 'other-file' });
    Object.assign(wanted, { file, handle });
    await this.resume(id);
  }

  holdAll(): void {
    for (const view of this.views()) if (mayRun(view)) this.stop(view.id);
    this.views.update((list) =>
      list.map((view) => (mayRun(view) ? { ...view, state: 'paused', bytesPerSecond: 0, hold: null } : view)),
    );
    void this.keep(this.views().filter(({ id }) => this.isKept(id)));
  }

  async resumeAll(): Promise<void> {
    for (const { id, state } of this.views()) if (state === 'paused') await this.resume(id);
  }

  /** Earlier by one, or before all that wait. */
  move(id: number, to: 'up' | 'first'): void {
    const list = [...this.views()];
    const at = list.findIndex((view) => view.id === id);
    const first = list.findIndex((view) => !this.running.has(view.id));
    if (at <= first || first < 0) return;
    const [view] = list.splice(at, 1);
    if (!view) return;
    list.splice(to === 'first' ? first : at - 1, 0, view);
    this.views.set(list);
    void this.keep(list.filter((one) => this.isKept(one.id)));
  }

  /** Takes it off the list; for a few seconds that can be taken back. */
  async cancel(id: number): Promise<void> {
    const view = this.viewOf(id);
    if (!view) return;
    if (view.state === 'failed' && (this.wanted.get(id)?.id ?? null) === null) return this.forget(id);
    this.stop(id);
    this.change(id, { state: 'leaving', before: view.state, bytesPerSecond: 0, hold: null });
    this.startNext();
    await this.leaving.add(id);
  }

  keepAfterAll(id: number): void {
    this.leaving.undo(id);
    const view = this.viewOf(id);
    if (view?.state !== 'leaving') return;
    const running = view.before === 'sending' || view.before === 'sealing' || view.before === undefined;
    this.change(id, { state: running ? 'waiting' : view.before, before: undefined });
    this.startNext();
  }

  /** What the list of the room shows is no upload any longer, whoever has sent it. */
  settle(files: readonly RoomFile[]): void {
    const arrived = new Set(files.filter(({ status }) => status === 'available').map(({ id }) => id));
    for (const { id } of this.views()) {
      const at = this.wanted.get(id)?.id ?? '';
      if (arrived.has(at) && !this.running.has(id)) this.forget(id);
    }
  }

  /** What outlasts a reload: what the server knows, and what can be opened again. */
  private isKept(id: number): boolean {
    const wanted = this.wanted.get(id);
    return wanted !== undefined && (wanted.id !== null || wanted.handle !== null);
  }

  private viewOf(id: number): UploadView | undefined {
    return this.views().find((view) => view.id === id);
  }

  private recall(left: readonly { view: UploadView; wanted: Wanted }[]): void {
    for (const { view, wanted } of left) this.wanted.set(view.id, wanted);
    // What was added before the room was open comes behind.
    this.views.update((list) => [...left.map(({ view }) => view), ...list]);
  }

  /** The rules of every try, the first and those after it. */
  private turnOf(size: number): Pick<UploadView, 'state' | 'error'> {
    const limit = this.maxBytes();
    if (limit !== null && size > limit) return { state: 'failed', error: new ApiProblem('FILE_TOO_LARGE') };
    return { state: 'waiting', error: null };
  }

  private startNext(): void {
    if (!this.mayGoUp) return;
    for (const { id, state } of this.views()) {
      if (this.running.size >= AT_ONCE) return;
      const wanted = this.wanted.get(id);
      if (state === 'waiting' && wanted?.file && !this.running.has(id)) void this.run(id, wanted, wanted.file);
    }
  }

  private async run(id: number, wanted: Wanted, file: File): Promise<void> {
    const running: Running = { stop: new AbortController(), lock: null };
    this.running.set(id, running);
    const { signal: stopped } = running.stop;
    const rate = new TransferRate();
    let toldAt = 0;
    this.change(id, { state: 'sending', error: null });
    try {
      if (wanted.id !== null && !(await this.takeLock(id, wanted, running))) return;
      // Before it begins: from then on a reload finds it.
      if (file.size > WITH_BEGIN_BYTES) wanted.print ??= await fingerprint(file, wanted.key).catch(() => null);
      const stored = await sendWhole(this.uploads, {
        slug: this.slug,
        name: this.viewOf(id)?.name ?? file.name,
        file,
        key: wanted.key,
        id: wanted.id,
        signal: stopped,
        woken: () => this.wakes.promise,
        online: () => this.network.online(),
        cut: () => this.cut.signal,
        began: async (place, whole) => {
          wanted.id = place;
          if (whole) return;
          wanted.print ??= await fingerprint(file, wanted.key).catch(() => null);
          void this.keep([this.viewOf(id)]);
          await this.takeLock(id, wanted, running);
        },
        sent: (bytes) => {
          const [now, whole] = [stopwatch(), bytes >= file.size];
          rate.add(bytes, now);
          if (!whole && now - toldAt < TELL_EVERY_MS) return;
          toldAt = now;
          const state = whole ? 'sealing' : 'sending';
          if (!stopped.aborted) this.change(id, { sent: bytes, bytesPerSecond: rate.bytesPerSecond(), state });
        },
        held: (why: Hold | null) => {
          if (stopped.aborted || (this.viewOf(id)?.hold ?? null) === why) return;
          if (why) rate.restart();
          this.change(id, { hold: why, ...(why && { bytesPerSecond: 0 }) });
        },
      });
      await this.arrived(id, stored);
    } catch (error) {
      if (this.running.get(id) === running) await this.failed(id, wanted, error);
    } finally {
      running.lock?.release();
      if (this.running.get(id) === running) this.running.delete(id);
      this.startNext();
    }
  }

  /** False where another tab sends it: then this one shows that. */
  private async takeLock(id: number, wanted: Wanted, running: Running): Promise<boolean> {
    const lock = wanted.id === null ? null : await lockUpload(wanted.id, wanted.steals);
    wanted.steals = false;
    if (running.stop.signal.aborted) {
      lock?.release();
      return false;
    }
    const elsewhere = () => {
      this.stop(id);
      this.change(id, { state: 'elsewhere', bytesPerSecond: 0, hold: null });
    };
    if (!lock) elsewhere();
    else {
      running.lock = lock;
      lock.lost.catch(() => {
        if (this.running.get(id) === running) elsewhere();
      });
    }
    return lock !== null;
  }

  private async arrived(id: number, stored: string): Promise<void> {
    const size = this.viewOf(id)?.size ?? 0;
    this.change(id, { state: 'done', sent: size, bytesPerSecond: 0, hold: null });
    this.running.delete(id);
    this.arrivals.update(({ count, bytes }) => ({ count: count + 1, bytes: bytes + size }));
    if (this.totals().count === 0) this.said.set(arrivedWords(this.arrivals().count));
    this.startNext();
    await this.stored(stored);
    this.forget(id);
  }

  private async failed(id: number, wanted: Wanted, error: unknown): Promise<void> {
    const { reason } = asProblem(error);
    if (reason === 'NOT_PRESENT') return this.outside();
    if (reason === 'NOT_FOUND' && wanted.id !== null) {
      // Its last answer was lost, or it has ended: the room knows which.
      const file = await this.api.file(this.slug, wanted.id).catch(() => null);
      if (file?.status === 'available') return this.arrived(id, file.id);
      return this.change(id, {
        state: 'failed',
        error: new ApiProblem('UPLOAD_ABORTED'),
        bytesPerSecond: 0,
        hold: null,
      });
    }
    if (isSpent(error) && wanted.id === null) {
      // The try before came to nothing, and nothing of it was kept: this one is the first.
      this.beginAnew(wanted);
      return this.change(id, { state: 'waiting', sent: 0, hold: null });
    }
    if (reason === 'CONFLICT') return this.change(id, { state: 'elsewhere', bytesPerSecond: 0, hold: null });
    this.change(id, { state: 'failed', error, bytesPerSecond: 0, hold: null });
  }

  private beginAnew(wanted: Wanted): void {
    void this.kept.forget([wanted.key]);
    Object.assign(wanted, { key: crypto.randomUUID(), id: null, print: null });
  }

  /** Shows what the server has of us and this page has not: from before a reload, of another tab, of another device. */
  private async findUnfinished(): Promise<void> {
    const { slug } = this;
    const known = new Set([...this.wanted.values()].flatMap(({ id, key }) => (id === null ? [key] : [id, key])));
    const found = await unfinishedUploads(this.uploads, this.kept, slug, known);
    if (slug !== this.slug) return;
    const views = found.map(({ view, wanted }) => {
      const id = this.memory.nextId();
      this.wanted.set(id, wanted);
      return { ...view, id };
    });
    this.views.update((list) => [...list, ...views]);
    for (const { id, state } of views) if (state === 'elsewhere') void this.follow(id);
    this.startNext();
  }

  /** Another tab sends it. When that one stops, this one looks again what there is to do. */
  private async follow(id: number): Promise<void> {
    await whenFree(this.wanted.get(id)?.id ?? '');
    if (this.viewOf(id)?.state !== 'elsewhere') return;
    this.wanted.delete(id);
    this.views.update((list) => list.filter((view) => view.id !== id));
    await this.findUnfinished();
  }

  /** Files that were chosen for uploads which wait for them go there; the others are new. */
  private async withoutAnswers(picked: readonly PickedFile[]): Promise<readonly PickedFile[]> {
    const news: PickedFile[] = [];
    for (const one of picked) {
      const asking = this.views().filter(({ state, size }) => state === 'asks' && size === one.file.size);
      let answered = false;
      for (const view of asking) {
        const wanted = this.wanted.get(view.id);
        if (!wanted?.print || (await isOther(one.file, wanted, view))) continue;
        await this.answer(view.id, one);
        answered = true;
        break;
      }
      if (!answered) news.push(one);
    }
    return news;
  }

  /** Without a network nobody answers what is asked just now. */
  private breakOff(): void {
    for (const id of this.running.keys()) this.change(id, { hold: 'offline', bytesPerSecond: 0 });
    this.cut.abort();
    this.cut = new AbortController();
  }

  private stop(id: number): void {
    const running = this.running.get(id);
    this.running.delete(id);
    running?.stop.abort();
    running?.lock?.release();
  }

  /** Nothing more comes of it: the server need not wait either. */
  private async end(id: number): Promise<void> {
    const [slug, at] = [this.slug, this.wanted.get(id)?.id ?? null];
    this.forget(id);
    if (at !== null) await this.uploads.drop(slug, at).catch(() => undefined);
  }

  private forget(id: number): void {
    const key = this.wanted.get(id)?.key;
    this.wanted.delete(id);
    this.views.update((list) => list.filter((view) => view.id !== id));
    if (key !== undefined) void this.kept.forget([key]);
  }

  private async keep(views: readonly (UploadView | undefined)[]): Promise<void> {
    const order = new Map(this.views().map(({ id }, at) => [id, at]));
    const rows = views.flatMap((view) => {
      const wanted = view && this.wanted.get(view.id);
      if (!wanted) return [];
      const { key, id, handle, print } = wanted;
      const name = handle && view.name;
      return [
        {
          key,
          slug: this.slug,
          id,
          name,
          handle,
          print,
          order: order.get(view.id) ?? 0,
          paused: view.state === 'paused',
        },
      ];
    });
    if (rows.length > 0) await this.kept.keep(rows);
  }

  private change(id: number, changes: Partial<UploadView>): void {
    this.views.update((list) => list.map((view) => (view.id === id ? { ...view, ...changes } : view)));
  }
}

const addedWords = (count: number): string =>
  plural(
    $localize`:@@files.added:{COUNT, plural, =1 {One file is in the queue.} other {# files are in the queue.}}`,
    count,
  );
const arrivedWords = (count: number): string =>
  plural($localize`:@@files.arrived:{COUNT, plural, =1 {The file is shared.} other {All # files are shared.}}`, count);

/** The upload's place is gone: the next try begins anew. */
const isGone = (error: unknown): boolean => asProblem(error).reason === 'UPLOAD_ABORTED';
