import type { RemoteTrack } from 'livekit-client';

/** Plays everyone else's sound. The elements stand outside every template, so no layout change interrupts a voice. */
export class AudioSink {
  private readonly elements = new Map<RemoteTrack, HTMLMediaElement>();
  private silent = false;

  play(track: RemoteTrack): void {
    const element = track.attach();
    element.hidden = true;
    element.muted = this.silent;
    document.body.append(element);
    this.elements.set(track, element);
  }

  /** Whether nothing is to be heard here, now and from whoever comes. */
  silence(silent: boolean): void {
    this.silent = silent;
    for (const element of this.elements.values()) element.muted = silent;
  }

  stop(track: RemoteTrack): void {
    track.detach();
    this.elements.get(track)?.remove();
    this.elements.delete(track);
  }

  clear(): void {
    for (const track of [...this.elements.keys()]) this.stop(track);
  }
}
