import { Component, computed, effect, inject, viewChild, type ElementRef } from '@angular/core';
import { looksAway } from '../../core/media/facing';
import { Session } from '../../core/session/session';
import { Avatar } from '../../shared/avatar/avatar';
import { Icon } from '../../shared/icon/icon';
import { LocalPreview } from './local-preview';

/** How one will be seen: as in a mirror, unless the camera looks away from oneself; the gauge shows that one will be heard. */
@Component({
  selector: 'cv-preview-stage',
  imports: [Avatar, Icon],
  template: `
    <video
      #video
      autoplay
      playsinline
      [muted]="true"
      [class.off]="!preview.camera()"
      [class.mirrored]="mirrored()"
      [attr.aria-label]="pictureLabel()"
    ></video>
    @if (!preview.camera()) {
      <div class="dark">
        <cv-avatar [name]="name()" [seed]="session.me()?.id ?? ''" />
        <span role="status">{{ noPicture() }}</span>
      </div>
    }
    <div class="bar">
      <button
        type="button"
        [class.off]="!preview.microphoneOn() || preview.blocked().microphone"
        [class.blocked-device]="preview.blocked().microphone"
        [attr.aria-label]="microphoneLabel()"
        [attr.aria-pressed]="preview.microphoneOn() && !preview.blocked().microphone"
        (click)="preview.setMicrophone(preview.blocked().microphone || !preview.microphoneOn())"
      >
        <cv-icon [name]="preview.microphoneOn() && !preview.blocked().microphone ? 'mic' : 'mic-off'" />
      </button>
      <button
        type="button"
        [class.off]="!preview.cameraOn() || preview.blocked().camera"
        [class.blocked-device]="preview.blocked().camera"
        [attr.aria-label]="cameraLabel()"
        [attr.aria-pressed]="preview.cameraOn() && !preview.blocked().camera"
        (click)="preview.setCamera(preview.blocked().camera || !preview.cameraOn())"
      >
        <cv-icon [name]="preview.cameraOn() && !preview.blocked().camera ? 'video' : 'video-off'" />
      </button>
      @if (preview.canFlip()) {
        <button
          type="button"
          i18n-aria-label="@@door.flipCamera"
          aria-label="Turn the camera round"
          (click)="preview.flipCamera()"
        >
          <cv-icon name="switch-camera" />
        </button>
      }
    </div>
    @if (preview.microphone()) {
      <div
        class="meter"
        role="meter"
        i18n-aria-label="@@door.level"
        aria-label="Microphone level"
        aria-valuemin="0"
        aria-valuemax="100"
        [attr.aria-valuenow]="percent()"
      >
        @for (bar of bars; track $index) {
          <i [style.height.px]="bar" [class.lit]="preview.micLevel() > $index / bars.length"></i>
        }
      </div>
    }
  `,
  styleUrl: './preview-stage.css',
})
export class PreviewStage {
  protected readonly preview = inject(LocalPreview);
  protected readonly session = inject(Session);
  protected readonly name = computed(() => this.session.me()?.displayName ?? '');
  protected readonly noPicture = computed(() => {
    if (this.preview.opening()) return $localize`:@@door.openingCamera:Opening your camera…`;
    if (this.preview.blocked().camera) return $localize`:@@door.cameraNotThere:No picture: the camera did not open`;
    return this.preview.cameraOn()
      ? $localize`:@@door.noPicture:No picture`
      : $localize`:@@door.cameraIsOff:Your camera is off`;
  });
  protected readonly microphoneLabel = computed(() => {
    if (this.preview.blocked().microphone)
      return $localize`:@@door.microphoneBlocked:Turn microphone on (it is blocked)`;
    return this.preview.microphoneOn()
      ? $localize`:@@door.microphoneOff:Turn microphone off`
      : $localize`:@@door.microphoneOn:Turn microphone on`;
  });
  protected readonly cameraLabel = computed(() => {
    if (this.preview.blocked().camera) return $localize`:@@door.cameraBlocked:Turn camera on (it is blocked)`;
    return this.preview.cameraOn()
      ? $localize`:@@door.cameraOff:Turn camera off`
      : $localize`:@@door.cameraOn:Turn camera on`;
  });
  protected readonly bars = [10, 18, 26, 34, 26] as const;
  protected readonly percent = computed(() => Math.round(this.preview.micLevel() * 100));
  protected readonly mirrored = computed(() => !looksAway(this.preview.camera() ?? undefined));
  protected readonly pictureLabel = computed(() =>
    this.mirrored() ? $localize`:@@door.mirror:Your camera, mirrored` : $localize`:@@door.picture:Your camera`,
  );
  private readonly video = viewChild.required<ElementRef<HTMLVideoElement>>('video');

  constructor() {
    effect(() => {
      const track = this.preview.camera();
      this.video().nativeElement.srcObject = track ? new MediaStream([track]) : null;
    });
  }
}
