import { Component, computed, ElementRef, inject, input } from '@angular/core';
import { tryingAgainHelps } from '../../core/api/problem';
import { formatBytes } from '../../core/format';
import { lineFor } from '../../core/words';
import { pickedFile } from '../../core/uploads/picked-file';
import { Icon } from '../../shared/icon/icon';
import { canPickHandles, pickFiles } from './dropped-files';
import { kindOf } from './file-kind';
import { RoomFiles } from './room-files';
import { timeLeft } from './time-left';
import { mayRun, type UploadView } from './upload-view';

/** A file on its way up. */
@Component({
  selector: 'cv-upload-row',
  imports: [Icon],
  styleUrl: './file-row.css',
  template: `
    <span class="kind" [class]="kind().tone" aria-hidden="true">{{ kind().label }}</span>
    <div class="what">
      <b dir="auto" [title]="upload().name" [class.leaving]="upload().state === 'leaving'">{{ upload().name }}</b>
      <span
        class="m num"
        [class.failed]="upload().state === 'failed' || upload().ask === 'other-file'"
        [attr.role]="upload().ask === 'other-file' ? 'alert' : null"
        >{{ words() }}</span
      >
      @if (showsBar()) {
        <div
          class="bar"
          role="progressbar"
          i18n-ariaLabel="@@files.uploadOf"
          ariaLabel="Upload of {{ upload().name }}"
          aria-valuemin="0"
          aria-valuemax="100"
          [attr.aria-valuenow]="percent()"
        >
          <i [style.width.%]="percent()" [class.pulse]="upload().state === 'sealing'" [class.still]="stands()"></i>
        </div>
      }
    </div>
    <div class="acts">
      @switch (upload().state) {
        @case ('leaving') {
          <button
            class="btn undo"
            type="button"
            i18n-ariaLabel="@@files.undoCancel"
            ariaLabel="Undo: go on with {{ upload().name }}"
            i18n="@@files.undo"
            (click)="undo($event)"
          >
            Undo
          </button>
        }
        @case ('asks') {
          <button
            class="btn small"
            type="button"
            i18n-ariaLabel="@@files.chooseAgainFor"
            ariaLabel="Choose {{ upload().name }} again"
            (click)="choose(chooser)"
          >
            @if (upload().ask === 'permission') {
              <span i18n="@@files.goOn">Go on</span>
            } @else {
              <span i18n="@@files.chooseAgain">Choose it</span>
            }
          </button>
          <input #chooser class="chooser" type="file" tabindex="-1" aria-hidden="true" (change)="chosen(chooser)" />
        }
        @case ('elsewhere') {
          <button
            class="btn small"
            type="button"
            i18n-ariaLabel="@@files.goOnHereWith"
            ariaLabel="Go on here with {{ upload().name }}"
            i18n="@@files.goOnHere"
            (click)="queue.resume(upload().id)"
          >
            Go on here
          </button>
        }
        @case ('failed') {
          @if (mayTryAgain()) {
            <button
              class="icon-btn"
              type="button"
              i18n-ariaLabel="@@files.tryAgain"
              ariaLabel="Try again: {{ upload().name }}"
              (click)="queue.resume(upload().id)"
            >
              <cv-icon name="refresh-cw" />
            </button>
          }
        }
        @case ('paused') {
          <button
            class="icon-btn turn"
            type="button"
            i18n-ariaLabel="@@files.resume"
            ariaLabel="Go on with {{ upload().name }}"
            (click)="turn()"
          >
            <cv-icon name="play" />
          </button>
        }
        @case ('done') {}
        @default {
          @if (mayMove()) {
            <button
              class="icon-btn up"
              type="button"
              i18n-ariaLabel="@@files.moveUp"
              ariaLabel="Move up: {{ upload().name }}"
              (click)="move('up')"
            >
              <cv-icon name="arrow-up" />
            </button>
            <button
              class="icon-btn first"
              type="button"
              i18n-ariaLabel="@@files.moveFirst"
              ariaLabel="Put first: {{ upload().name }}"
              (click)="move('first')"
            >
              <cv-icon name="chevrons-up" />
            </button>
          }
          <button
            class="icon-btn turn"
            type="button"
            i18n-ariaLabel="@@files.pause"
            ariaLabel="Pause {{ upload().name }}"
            (click)="turn()"
          >
            <cv-icon name="pause" />
          </button>
        }
      }
      @if (upload().state !== 'leaving' && upload().state !== 'done') {
        <button class="icon-btn cancel" type="button" [attr.aria-label]="cancelLabel()" (click)="cancel($event)">
          <cv-icon name="x" />
        </button>
      }
    </div>
  `,
})
export class UploadRow {
  readonly upload = input.required<UploadView>();
  /** Whether others wait before it. */
  readonly mayMove = input(false);
  private readonly files = inject(RoomFiles);
  protected readonly queue = this.files.queue;
  private readonly row = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  protected readonly kind = computed(() => kindOf(this.upload().name));
  protected readonly mayTryAgain = computed(() => tryingAgainHelps(this.upload().error));
  protected readonly stands = computed(() => this.upload().hold !== null || !mayRun(this.upload()));
  protected readonly showsBar = computed(() => {
    const { state, sent } = this.upload();
    return state !== 'failed' && state !== 'leaving' && state !== 'done' && (state !== 'waiting' || sent > 0);
  });
  protected readonly percent = computed(() => {
    const { sent, size } = this.upload();
    return size === 0 ? 100 : Math.round((sent / size) * 100);
  });
  protected readonly cancelLabel = computed(() => {
    const { name, state } = this.upload();
    /* eslint-disable conclave/isolated-names -- a label is heard */
    return state === 'failed'
      ? $localize`:@@files.dismiss:Dismiss ${name}:NAME:`
      : $localize`:@@files.cancelUpload:Cancel upload of ${name}:NAME:`;
    /* eslint-enable conclave/isolated-names */
  });
  protected readonly words = computed(() => wordsOf(this.upload()));

  protected async choose(chooser: HTMLInputElement): Promise<void> {
    if (this.upload().ask === 'permission') return this.queue.resume(this.upload().id);
    if (!canPickHandles()) return chooser.click();
    const [picked] = await pickFiles(false);
    if (picked) await this.queue.answer(this.upload().id, picked);
  }

  protected async chosen(chooser: HTMLInputElement): Promise<void> {
    const file = chooser.files?.[0];
    // The same file may be chosen again.
    chooser.value = '';
    if (file) await this.queue.answer(this.upload().id, pickedFile(file));
  }

  protected turn(): void {
    const { id, state } = this.upload();
    if (state === 'paused') void this.queue.resume(id);
    else this.queue.hold(id);
    this.focusOn('.turn');
  }

  protected move(to: 'up' | 'first'): void {
    this.queue.move(this.upload().id, to);
    // A row that moves loses the focus, and the one that comes first has no such button any longer.
    this.focusOn(to === 'up' ? ':is(.up,.turn)' : '.turn');
  }

  protected cancel(event: MouseEvent): void {
    if (event.detail > 1) return;
    void this.queue.cancel(this.upload().id);
    this.focusOn('.undo');
  }

  protected undo(event: MouseEvent): void {
    if (event.detail > 1) return;
    this.queue.keepAfterAll(this.upload().id);
    this.focusOn('.cancel');
  }

  private focusOn(button: string): void {
    setTimeout(() => this.row.querySelector<HTMLElement>(button)?.focus());
  }
}

function wordsOf({ state, hold, ask, sent, size, bytesPerSecond, error }: UploadView): string {
  const [done, all] = [formatBytes(sent), formatBytes(size)];
  switch (state) {
    case 'waiting':
      return sent > 0
        ? $localize`:@@files.waitingAt:Waiting, ${done}:SENT: of ${all}:SIZE: are there`
        : $localize`:@@files.waiting:Waiting, ${all}:SIZE:`;
    case 'sending':
      if (hold === 'offline')
        return $localize`:@@files.heldOffline:${done}:SENT: of ${all}:SIZE:. Goes on when you are back online.`;
      if (hold === 'busy')
        return $localize`:@@files.heldBusy:${done}:SENT: of ${all}:SIZE:. Goes on by itself in a moment.`;
      return sendingWords(sent, size, bytesPerSecond);
    case 'sealing':
      return hold === null
        ? $localize`:@@files.sealingLast:Sealing the last of ${all}:SIZE:`
        : $localize`:@@files.heldOffline:${done}:SENT: of ${all}:SIZE:. Goes on when you are back online.`;
    case 'paused':
      return $localize`:@@files.paused:Paused, ${done}:SENT: of ${all}:SIZE:`;
    case 'asks':
      return askWords(ask, done, all);
    case 'elsewhere':
      return $localize`:@@files.elsewhere:${done}:SENT: of ${all}:SIZE:. Goes up in another tab or on another device.`;
    case 'leaving':
      return $localize`:@@files.cancelled:Cancelled. What was sent of it goes in a few seconds.`;
    case 'failed':
      return lineFor(error);
    case 'done':
      return $localize`:@@files.done:Shared`;
  }
}

function askWords(ask: UploadView['ask'], done: string, all: string): string {
  if (ask === 'permission')
    return $localize`:@@files.asksPermission:${done}:SENT: of ${all}:SIZE: are there. Your browser asks you before it reads the rest.`;
  if (ask === 'other-file')
    return $localize`:@@files.asksOther:That is another file, or it has changed. Choose the one that you began with.`;
  return $localize`:@@files.asksFile:${done}:SENT: of ${all}:SIZE: are there. Choose the file again to go on.`;
}

/** How far it is, and once there is a rate, how fast and how long still. */
function sendingWords(sent: number, size: number, bytesPerSecond: number): string {
  const [done, all] = [formatBytes(sent), formatBytes(size)];
  if (bytesPerSecond < 1) return $localize`:@@files.sending:Sealing, ${done}:SENT: of ${all}:SIZE:`;
  const left = timeLeft(size - sent, bytesPerSecond);
  const rate = formatBytes(bytesPerSecond);
  return $localize`:@@files.sendingRate:Sealing, ${done}:SENT: of ${all}:SIZE:, ${rate}:RATE: a second, ${left}:LEFT: left`;
}
