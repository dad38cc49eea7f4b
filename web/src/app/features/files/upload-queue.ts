import { DestroyRef, inject, Injectable, signal } from '@angular/core';
import type { File as RoomFile } from '../../core/api/api';
import { ApiProblem, asProblem } from '../../core/api/problem';
import { Uploads } from '../../core/api/upload';
import { KeptUploads } from '../../core/uploads/kept-uploads';
import type { PickedFile } from '../../core/uploads/picked-file';
import { whenFree } from '../../core/uploads/upload-locks';
import { FilesAgain } from './files-again';
import { LeavingFiles } from './leaving-files';
import { unfinishedUploads } from './unfinished-uploads';
import { UploadList, type NewRow } from './upload-list';
import { UploadRuns } from './upload-runs';
import { UploadTally } from './upload-tally';
import { blankView, mayRun, still, type UploadView } from './upload-view';
import { wantedFrom } from './wanted-upload';

const AT_ONCE = 3;

/**
 * Files on their way up, in their order, three at once: what people want of them, and whose turn it is. What is not whole goes on after
 * a lost network, after coming back into the meeting and after a reload of the page.
 */
@Injectable()
export class UploadQueue {
  private readonly uploads = inject(Uploads);
  private readonly kept = inject(KeptUploads);
  private readonly list = new UploadList();
  private readonly again = new FilesAgain(this.list);
  private readonly tally = new UploadTally(this.list);
  private readonly runs = new UploadRuns(this.list, {
    arrived: (id, stored) => this.arrived(id, stored),
    taken: (id) => void this.follow(id),
    outside: () => this.outside(),
    over: () => this.startNext(),
  });
  private readonly leaving = new LeavingFiles<number>((id) => this.end(id));
  /** Whether files may go up: before the room is open, and while one is outside, they wait. */
  private mayGoUp = false;

  readonly views = this.list.views;
  readonly ids = this.list.ids;
  readonly totals = this.tally.totals;
  readonly said = this.tally.said;
  readonly maxBytes = signal<number | null>(null);
  /** Hears of each file that has arrived; what it answers is waited for before the row goes. */
  stored: (id: string) => Promise<void> = () => Promise.resolve();
  /** Hears that the server takes us for outside. */
  outside: () => void = () => undefined;

  constructor() {
    const leave = () => this.leaving.endAll();
    addEventListener('pagehide', leave);
    inject(DestroyRef).onDestroy(() => {
      removeEventListener('pagehide', leave);
      this.close();
    });
  }

  /** The room is open: what waits goes on, and what was begun before a reload is here again. */
  async open(slug: string): Promise<void> {
    if (this.list.slug !== slug) this.list.recall(slug);
    this.mayGoUp = true;
    this.wake();
    this.startNext();
    await this.findUnfinished();
  }

  /** The person is outside for a moment: everything stops where it is. */
  pause(): void {
    this.mayGoUp = false;
    for (const id of this.runs.ids()) {
      this.runs.stop(id);
      this.list.change(id, { state: 'waiting', ...still });
    }
  }

  /** The person has left: nothing is shown any longer. Coming back, it goes on where it was. */
  close(): void {
    this.pause();
    this.leaving.endAll();
    this.list.leave();
  }

  wake(): void {
    this.runs.wake();
  }

  async add(picked: readonly PickedFile[]): Promise<void> {
    const news: PickedFile[] = [];
    for (const one of picked) {
      const id = await this.again.rowFor(one);
      if (id === undefined) news.push(one);
      else await this.resume(id);
    }
    if (news.length === 0) return;
    this.tally.before();
    const views = this.list.append(news.map((one) => this.rowOf(one)));
    this.tally.added(views.length);
    void this.list.keep(views.map(({ id }) => id));
    this.startNext();
  }

  /** Stops it until somebody goes on with it. */
  hold(id: number): void {
    const view = this.list.view(id);
    if (!view || !mayRun(view)) return;
    this.runs.stop(id);
    this.list.change(id, { state: 'paused', ...still });
    void this.list.keep([id]);
    this.startNext();
  }

  /** Goes on with what is paused, has failed, waits for its file, or is sent by another tab. */
  async resume(id: number): Promise<void> {
    const before = this.list.view(id);
    if (!before || !mayResume(before) || !(await this.again.reopen(id))) return;
    const [view, wanted] = [this.list.view(id), this.list.wantedOf(id)];
    if (!view || !wanted || view.state !== before.state) return;
    if (view.state === 'elsewhere') wanted.steals = true;
    if (view.state === 'failed' && wanted.id !== null && isGone(view.error)) this.list.beginAnew(id);
    this.list.change(id, { ...this.turnOf(view.size), ask: null });
    void this.list.keep([id]);
    this.startNext();
  }

  /** The person has chosen a file for an upload that this page has none of, or none that it can read. */
  async answer(id: number, picked: PickedFile): Promise<void> {
    if (await this.again.takes(id, picked)) return this.resume(id);
    if (this.list.view(id)?.state !== 'failed') return void this.again.asks(id, 'other-file');
    // What it began with is no longer there: what was chosen instead takes its place.
    this.list.append([this.rowOf(picked)], id);
    this.startNext();
    await this.end(id);
  }

  holdAll(): void {
    for (const view of this.views()) if (mayRun(view)) this.runs.stop(view.id);
    this.list.changeAll(mayRun, { state: 'paused', ...still });
    void this.list.keep('all');
  }

  async resumeAll(): Promise<void> {
    for (const { id, state } of this.views()) if (state === 'paused') await this.resume(id);
  }

  /** Earlier by one, or before all that wait. */
  move(id: number, to: 'up' | 'first'): void {
    if (this.list.move(id, to, (view) => this.runs.has(view.id))) void this.list.keep('all');
  }

  /** Takes it off the list; for a few seconds that can be taken back. */
  async cancel(id: number): Promise<void> {
    const view = this.list.view(id);
    if (!view || view.state === 'leaving' || view.state === 'done') return;
    if (view.state === 'failed' && !this.mayHavePlace(id)) return this.list.forget(id);
    this.runs.stop(id);
    this.list.change(id, { state: 'leaving', before: view.state, ...still });
    this.startNext();
    await this.leaving.add(id);
  }

  keepAfterAll(id: number): void {
    this.leaving.undo(id);
    const view = this.list.view(id);
    if (view?.state !== 'leaving') return;
    const ran = view.before === undefined || mayRun({ ...view, state: view.before });
    this.list.change(id, { state: ran ? 'waiting' : view.before, before: undefined });
    this.startNext();
  }

  /** What the list of the room shows is no upload any longer, whoever has sent it. */
  settle(files: readonly RoomFile[]): void {
    const arrived = new Set(files.filter(({ status }) => status === 'available').map(({ id }) => id));
    for (const { id } of this.views()) {
      const at = this.list.wantedOf(id)?.id ?? '';
      if (arrived.has(at) && !this.runs.has(id)) this.list.forget(id);
    }
  }

  private rowOf({ file, name, handle }: PickedFile): NewRow {
    return { view: { ...blankView(name, file.size), ...this.turnOf(file.size) }, wanted: wantedFrom(file, handle) };
  }

  /** The rules of every try, the first and those after it. */
  private turnOf(size: number): Pick<UploadView, 'state' | 'error'> {
    const limit = this.maxBytes();
    if (limit === null || size <= limit) return { state: 'waiting', error: null };
    return { state: 'failed', error: new ApiProblem('FILE_TOO_LARGE', { details: { maxFileBytes: String(limit) } }) };
  }

  private startNext(): void {
    if (!this.mayGoUp) return;
    for (const { id, state } of this.views()) {
      if (this.runs.count >= AT_ONCE) return;
      const wanted = this.list.wantedOf(id);
      if (state === 'waiting' && wanted?.file && !this.runs.has(id)) void this.runs.start(id, wanted, wanted.file);
    }
  }

  private async arrived(id: number, stored: string): Promise<void> {
    const size = this.list.view(id)?.size ?? 0;
    this.list.change(id, { state: 'done', sent: size, ...still });
    this.tally.arrived(size);
    this.startNext();
    await this.stored(stored);
    this.list.forget(id);
  }

  /** Shows what the server has of us and this page has not: from before a reload, of another tab, of another device. */
  private async findUnfinished(held?: ReadonlyMap<string, File>): Promise<void> {
    const { slug } = this.list;
    const found = await unfinishedUploads(this.uploads, this.kept, slug, this.list.known(), held);
    if (slug !== this.list.slug) return;
    // Another look may have found it meanwhile.
    const known = this.list.known();
    const views = this.list.append(found.filter(({ wanted: { id, key } }) => !known.has(id ?? key)));
    for (const { id, state } of views) if (state === 'elsewhere') void this.follow(id);
    this.startNext();
  }

  /** Another tab sends it. When that one stops, this one looks again what there is to do. */
  private async follow(id: number): Promise<void> {
    const { id: at = null, file = null } = this.list.wantedOf(id) ?? {};
    if (at === null) return;
    await whenFree(at);
    if (this.list.view(id)?.state !== 'elsewhere') return;
    this.list.remove(id);
    await this.findUnfinished(new Map(file && [[at, file]]));
  }

  /** Nothing more comes of it: the server need not wait either. */
  private async end(id: number): Promise<void> {
    const { slug } = this.list;
    const [view, wanted, begun] = [this.list.view(id), this.list.wantedOf(id), this.mayHavePlace(id)];
    this.list.forget(id);
    if (!view || !wanted || !begun) return;
    // Asked again with the same key, the server says where the place is that it was asked for.
    const again = () =>
      this.uploads.begin(slug, { name: view.name, type: '', size: view.size }, wanted.key, null, {
        signal: new AbortController().signal,
      });
    const at = wanted.id ?? (await again().then(placeIn, () => null));
    if (at !== null) await this.uploads.drop(slug, at).catch(() => undefined);
  }

  private mayHavePlace(id: number): boolean {
    const wanted = this.list.wantedOf(id);
    return wanted !== undefined && (wanted.id !== null || wanted.asked);
  }
}

const placeIn = ({ id }: { readonly id: string }): string => id;

const mayResume = ({ state }: UploadView): boolean =>
  state === 'paused' || state === 'failed' || state === 'asks' || state === 'elsewhere';

/** The upload's place is gone, and the next try begins anew; where only its file cannot be read, it is still there. */
function isGone(error: unknown): boolean {
  const { reason, unreadable } = asProblem(error);
  return reason === 'UPLOAD_ABORTED' && !unreadable;
}
