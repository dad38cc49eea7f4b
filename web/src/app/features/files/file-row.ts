import { Component, computed, ElementRef, inject, input, output } from '@angular/core';
import type { File as RoomFile } from '../../core/api/api';
import { contentUrl } from '../../core/api/upload';
import { formatAgo, formatBytes, formatFacts, formatTime, isolated } from '../../core/format';
import { serverDate } from '../../core/time/server-clock';
import { Session } from '../../core/session/session';
import { Icon } from '../../shared/icon/icon';
import { Namesakes } from '../../shared/person/namesakes';
import { streamsToDisk } from './download-queue';
import { kindOf } from './file-kind';
import { RoomFiles } from './room-files';

/** A sealed file in the list. */
@Component({
  selector: 'cv-file-row',
  imports: [Icon],
  styleUrl: './file-row.css',
  template: `
    <span class="kind" [class]="kind().tone" aria-hidden="true">{{ kind().label }}</span>
    <div class="what">
      <b dir="auto" [title]="file().name" [class.leaving]="leaving()">{{ file().name }}</b>
      @if (leaving()) {
        <span class="m" role="status" i18n="@@files.leaving">Deleted. It is shredded in a few seconds.</span>
      } @else {
        <span class="m"
          ><cv-icon class="lock" name="lock" /><span class="visually-hidden" i18n="@@files.sealed">Sealed. </span
          >{{ facts() }}</span
        >
      }
    </div>
    <div class="acts">
      @if (leaving()) {
        <button
          class="btn undo"
          type="button"
          i18n-ariaLabel="@@files.undoDelete"
          ariaLabel="Undo: keep {{ file().name }}"
          i18n="@@files.undo"
          (click)="keep($event)"
        >
          Undo
        </button>
      } @else {
        @if (file().can.includes('file.delete')) {
          <button
            class="icon-btn delete"
            type="button"
            i18n-ariaLabel="@@files.delete"
            ariaLabel="Delete {{ file().name }}"
            (click)="remove($event)"
          >
            <cv-icon name="trash" />
          </button>
        }
        @if (file().can.includes('file.read')) {
          <a
            class="icon-btn"
            [href]="url()"
            [attr.download]="file().name"
            i18n-ariaLabel="@@files.download"
            ariaLabel="Download {{ file().name }}"
            (click)="download($event)"
            ><cv-icon name="download"
          /></a>
        }
      }
    </div>
  `,
})
export class FileRow {
  readonly file = input.required<RoomFile>();
  readonly deleted = output();
  protected readonly files = inject(RoomFiles);
  protected readonly leaving = computed(() => this.files.leavingIds().has(this.file().id));
  private readonly namesakes = inject(Namesakes);
  private readonly session = inject(Session);
  private readonly row = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  protected readonly kind = computed(() => kindOf(this.file().name));
  protected readonly url = computed(() => contentUrl(this.files.slug(), this.file().id));
  protected readonly facts = computed(() => {
    const { size, owner, createdAt, status } = this.file();
    const today = new Date(createdAt).toDateString() === serverDate().toDateString();
    const when = today ? formatTime(createdAt) : formatAgo(createdAt);
    const name = this.namesakes.label({ userId: owner.id, name: owner.displayName });
    const own = owner.id === this.session.me()?.id;
    const who = own ? $localize`:@@people.nameYou:${isolated(name)}:NAME: (you)` : isolated(name);
    const facts = [formatBytes(size), who, when];
    if (status === 'lost') facts.push($localize`:@@files.lost:no longer there`);
    else if (status !== 'available') facts.push($localize`:@@files.notReady:not ready yet`);
    return formatFacts(facts);
  });

  protected remove(event: MouseEvent): void {
    if (again(event)) return;
    this.deleted.emit();
    this.focusOn('.undo');
  }

  protected keep(event: MouseEvent): void {
    if (again(event)) return;
    this.files.keep(this.file().id);
    this.focusOn('.delete');
  }

  /** A large one goes to disk piece by piece, where the browser can; otherwise the link does what links do. */
  protected async download(event: MouseEvent): Promise<void> {
    const file = this.file();
    if (!streamsToDisk(file.size)) return;
    event.preventDefault();
    if (!(await this.files.downloads.start(file))) location.assign(this.url());
  }

  private focusOn(button: string): void {
    setTimeout(() => this.row.querySelector<HTMLElement>(button)?.focus());
  }
}

/** The second click of two belongs to what stood there before. */
const again = (event: MouseEvent): boolean => event.detail > 1;
