import { Component, computed, ElementRef, inject, input } from '@angular/core';
import { asProblem, tryingAgainHelps } from '../../core/api/problem';
import { pickedFile, type PickedFile } from '../../core/uploads/picked-file';
import { Icon } from '../../shared/icon/icon';
import { canPickHandles, pickFiles } from './dropped-files';
import { RoomFiles } from './room-files';
import type { UploadView } from './upload-view';

/** What can be done with a file on its way up: each state offers what helps there, and a way out. */
@Component({
  selector: 'cv-upload-acts',
  imports: [Icon],
  styleUrl: './upload-acts.css',
  template: `
    @if (wantsFile()) {
      <button class="btn small" type="button" [attr.aria-label]="chooseLabel()" (click)="choose(chooser)">
        @if (upload().ask === 'permission') {
          <span i18n="@@files.goOn">Go on</span>
        } @else {
          <span i18n="@@files.chooseAgain">Choose it</span>
        }
      </button>
      <input #chooser class="chooser" type="file" tabindex="-1" aria-hidden="true" (change)="chosen(chooser)" />
    }
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
      @case ('asks') {}
      @case ('elsewhere') {
        <button
          class="btn small"
          type="button"
          i18n-ariaLabel="@@files.goOnHereWith"
          ariaLabel="Go on here with {{ upload().name }}"
          i18n="@@files.goOnHere"
          (click)="goOn()"
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
            (click)="goOn()"
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
  `,
})
export class UploadActs {
  readonly upload = input.required<UploadView>();
  /** Whether others wait before it. */
  readonly mayMove = input(false);
  protected readonly queue = inject(RoomFiles).queue;
  private readonly row = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  protected readonly mayTryAgain = computed(() => tryingAgainHelps(this.upload().error));
  /** It waits for its file, or had one that cannot be read any longer. */
  protected readonly wantsFile = computed(() => {
    const { state, error } = this.upload();
    return state === 'asks' || (state === 'failed' && asProblem(error).unreadable);
  });
  protected readonly chooseLabel = computed(() => {
    const { name, ask } = this.upload();
    return ask === 'permission'
      ? $localize`:@@files.resume:Go on with ${name}:INTERPOLATION:`
      : $localize`:@@files.chooseAgainFor:Choose it: ${name}:INTERPOLATION:`;
  });
  protected readonly cancelLabel = computed(() => {
    const { name, state } = this.upload();
    /* eslint-disable conclave/isolated-names -- a label is heard */
    return state === 'failed'
      ? $localize`:@@files.dismiss:Dismiss ${name}:NAME:`
      : $localize`:@@files.cancelUpload:Cancel upload of ${name}:NAME:`;
    /* eslint-enable conclave/isolated-names */
  });

  protected async choose(chooser: HTMLInputElement): Promise<void> {
    if (this.upload().ask === 'permission') return this.goOn();
    if (!canPickHandles()) return chooser.click();
    const [picked] = await pickFiles(false);
    if (picked) await this.answer(picked);
  }

  protected async chosen(chooser: HTMLInputElement): Promise<void> {
    const file = chooser.files?.[0];
    // The same file may be chosen again.
    chooser.value = '';
    if (file) await this.answer(pickedFile(file));
  }

  protected async goOn(): Promise<void> {
    await this.queue.resume(this.upload().id);
    this.focusOn('.turn');
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

  private async answer(picked: PickedFile): Promise<void> {
    await this.queue.answer(this.upload().id, picked);
    this.focusOn('.turn');
  }

  private focusOn(button: string): void {
    setTimeout(() => this.row.querySelector<HTMLElement>(button)?.focus());
  }
}
