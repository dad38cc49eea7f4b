import { Component, computed, inject, signal } from '@angular/core';
import type { File as RoomFile } from '../../core/api/api';
import { formatBytes, isolated } from '../../core/format';
import { Icon } from '../../shared/icon/icon';
import { ShowMore } from '../../shared/list/show-more';
import { EmptyState } from '../../shared/states/empty-state';
import { FailedState } from '../../shared/states/failed-state';
import { Toasts } from '../../shared/toast/toasts';
import { FileRow } from './file-row';
import { RoomFiles } from './room-files';
import { UploadRow } from './upload-row';

/** The files of the room: list, drop, pick, progress. Works on the RoomFiles of whoever holds it. */
@Component({
  selector: 'cv-files-panel',
  imports: [EmptyState, FailedState, FileRow, Icon, ShowMore, UploadRow],
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
  private readonly toasts = inject(Toasts);

  protected pick(chooser: HTMLInputElement): void {
    this.files.add([...(chooser.files ?? [])]);
    // The same file may be chosen again after it failed.
    chooser.value = '';
  }

  protected hover(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    this.dropping.set(true);
  }

  protected drop(event: DragEvent): void {
    this.dropping.set(false);
    const dropped = [...(event.dataTransfer?.files ?? [])];
    if (dropped.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    this.files.add(dropped);
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
