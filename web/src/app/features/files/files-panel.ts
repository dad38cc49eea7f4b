import { Component, computed, inject, signal } from '@angular/core';
import type { File as RoomFile } from '../../core/api/api';
import { formatBytes, isolated } from '../../core/format';
import { Icon } from '../../shared/icon/icon';
import { ShowMore } from '../../shared/list/show-more';
import { EmptyState } from '../../shared/states/empty-state';
import { FailedState } from '../../shared/states/failed-state';
import { Toasts } from '../../shared/toast/toasts';
import { canPickHandles, chosenFiles, droppedFiles, pickFiles } from './dropped-files';
import { DownloadRow } from './download-row';
import { FileRow } from './file-row';
import { RoomFiles } from './room-files';
import { UploadRow } from './upload-row';
import { UploadSummary } from './upload-summary';

/** The files of the room: list, drop, pick, progress. Works on the RoomFiles of whoever holds it. */
@Component({
  selector: 'cv-files-panel',
  imports: [DownloadRow, EmptyState, FailedState, FileRow, Icon, ShowMore, UploadRow, UploadSummary],
  templateUrl: './files-panel.html',
  styleUrl: './files-panel.css',
  host: {
    '(dragover)': 'hover($event)',
    '(dragleave)': 'dropping.set(false)',
    '(drop)': 'drop($event)',
    '[class.dropping]': 'dropping()',
  },
})
export class FilesPanel {
  protected readonly files = inject(RoomFiles);
  protected readonly dropping = signal(false);
  protected readonly limit = computed(() => {
    const bytes = this.files.maxBytes();
    return bytes
      ? $localize`:@@files.limit:Up to ${formatBytes(bytes)}:SIZE: each`
      : $localize`:@@files.several:Several at once, if you like`;
  });
  /** Those that wait behind another one that waits. */
  protected readonly movable = computed(() => {
    const [, ...behind] = this.files.uploads().filter(({ state }) => state === 'waiting');
    return new Set(behind.map(({ id }) => id));
  });
  private readonly toasts = inject(Toasts);

  protected pick(chooser: HTMLInputElement): void {
    this.files.add(chosenFiles([...(chooser.files ?? [])]));
    // The same file may be chosen again after it failed.
    chooser.value = '';
  }

  /** Files that are chosen so outlast a reload; elsewhere the plain chooser opens. */
  protected async choose(event: Event): Promise<void> {
    if (!canPickHandles()) return;
    event.preventDefault();
    this.files.add(await pickFiles(true));
  }

  protected hover(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    this.dropping.set(true);
  }

  protected drop(event: DragEvent): void {
    this.dropping.set(false);
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    event.stopPropagation();
    void droppedFiles(event.dataTransfer).then((dropped) => this.files.add(dropped));
  }

  protected async remove(file: RoomFile): Promise<void> {
    try {
      if (!(await this.files.remove(file.id))) return;
      this.toasts.say(
        $localize`:@@files.shreddedFor:“${isolated(file.name)}:NAME:” is shredded: its key is destroyed, and nobody can open it again. Downloads already made stay where they are.`,
      );
    } catch (error) {
      this.toasts.fail(error);
    }
  }
}
