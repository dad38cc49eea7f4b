import { InjectionToken } from '@angular/core';
import type * as LiveKit from 'livekit-client';

/** LiveKit's client, loaded once, and only at a room's door: no other page pays for it. */
export type MediaLibrary = typeof LiveKit;

let library: Promise<MediaLibrary> | null = null;

export function loadMediaLibrary(): Promise<MediaLibrary> {
  library ??= import('livekit-client').catch((error: unknown) => {
    // A failed load may be tried again with the next join.
    library = null;
    throw error;
  });
  return library;
}

/** The library, replaceable in tests: no browser runs there. */
export const MEDIA_LIBRARY = new InjectionToken<() => Promise<MediaLibrary>>('MEDIA_LIBRARY', {
  factory: () => loadMediaLibrary,
});
