import { Directive, effect, ElementRef, inject, input, signal } from '@angular/core';
import type { VideoTrack } from 'livekit-client';

/** Shows a track of the media library in a video element, and lets go of it when either changes. */
@Directive({
  selector: 'video[cvTrack]',
  exportAs: 'cvTrack',
  host: {
    autoplay: '',
    playsinline: '',
    '[muted]': 'true',
    '(loadedmetadata)': 'measure()',
    '(resize)': 'measure()',
  },
})
export class TrackVideo {
  readonly track = input.required<VideoTrack>({ alias: 'cvTrack' });
  /** Width by height of the picture; 0 before the first one. A phone that is turned changes it. */
  readonly aspect = signal(0);
  private readonly element = inject<ElementRef<HTMLVideoElement>>(ElementRef).nativeElement;

  constructor() {
    effect((onCleanup) => {
      const track = this.track();
      track.attach(this.element);
      onCleanup(() => track.detach(this.element));
    });
  }

  protected measure(): void {
    const { videoWidth, videoHeight } = this.element;
    if (videoHeight > 0) this.aspect.set(videoWidth / videoHeight);
  }
}
