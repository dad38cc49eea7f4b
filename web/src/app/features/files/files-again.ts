import { openHandle, type PickedFile } from '../../core/uploads/picked-file';
import type { UploadList } from './upload-list';
import { isOther } from './wanted-upload';

/** Which file an upload goes on with that this page has none of: the one that it began with, and no other. */
export class FilesAgain {
  constructor(private readonly list: UploadList) {}

  /** Opens it where the browser lets us. False where the row now says what is missing. Call it within a click. */
  async reopen(id: number): Promise<boolean> {
    const [view, wanted] = [this.list.view(id), this.list.wantedOf(id)];
    if (!view || !wanted) return false;
    if (wanted.file) return true;
    const file = wanted.handle && (await openHandle(wanted.handle, true));
    if (!(file instanceof File)) return this.asks(id, file === 'asks' ? 'permission' : 'file');
    if (await isOther(file, wanted, view)) return this.asks(id, 'other-file');
    wanted.file = file;
    return true;
  }

  /** The person has chosen one: is it that? */
  async takes(id: number, { file, handle }: PickedFile): Promise<boolean> {
    const [view, wanted] = [this.list.view(id), this.list.wantedOf(id)];
    if (!view || !wanted || (await isOther(file, wanted, view))) return false;
    Object.assign(wanted, { file, handle });
    return true;
  }

  asks(id: number, ask: 'file' | 'permission' | 'other-file'): false {
    if (this.list.view(id)?.state !== 'leaving') this.list.change(id, { state: 'asks', ask });
    return false;
  }

  /** Of files that were dropped or chosen, the row that waits for this very one. */
  async rowFor(one: PickedFile): Promise<number | undefined> {
    for (const { id, state, size } of this.list.views()) {
      const known = state === 'asks' && size === one.file.size && this.list.wantedOf(id)?.print;
      if (known && (await this.takes(id, one))) return id;
    }
    return undefined;
  }
}
