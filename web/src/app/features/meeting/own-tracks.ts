import type { LocalTrack, LocalTrackPublication, Track } from 'livekit-client';

/** What goes out from here, device by device: it outlives the connection that carried it. */
export class OwnTracks {
  private readonly tracks = new Map<Track.Source, LocalTrack>();

  published({ source, track }: Pick<LocalTrackPublication, 'source' | 'track'>): void {
    if (track) this.tracks.set(source, track);
  }

  /** Those that others saw or heard: neither muted nor ended. */
  live(): readonly (readonly [Track.Source, MediaStreamTrack])[] {
    return [...this.tracks]
      .filter(([, track]) => !track.isMuted && track.mediaStreamTrack.readyState === 'live')
      .map(([source, track]) => [source, track.mediaStreamTrack] as const);
  }

  stop(source: string): void {
    for (const [known, track] of this.tracks)
      if (known === source) {
        track.stop();
        this.tracks.delete(known);
      }
  }

  stopAll(): void {
    for (const source of [...this.tracks.keys()]) this.stop(source);
  }
}
