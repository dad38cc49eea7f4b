import { Directive, effect, ElementRef, inject, input } from '@angular/core';
import type { VideoTrack } from 'livekit-client';

/** Shows a track of the media library in a video element, and lets go of it when either changes. */
@Directive({ selector: 'video[cvTrack]', host: { autoplay: '', playsinline: '', '[muted]': 'true' } })
export class TrackVideo {
  readonly track = input.required<VideoTrack>({ alias: 'cvTrack' });
  private readonly element = inject<ElementRef<HTMLVideoElement>>(ElementRef).nativeElement;

  constructor() {
    effect((onCleanup) => {
      const track = this.track();
      track.attach(this.element);
      onCleanup(() => track.detach(this.element));
    });
  }
}
