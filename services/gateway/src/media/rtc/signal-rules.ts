import { wireFields } from './protobuf-fields.js';

// Numbers of fields are those of livekit_rtc.proto; protobuf never gives a number to another field.

/** What a browser says to the media server; data tracks, blobs, names and simulated faults are none of it. */
const requests: ReadonlySet<number> = new Set([
  1, // offer
  2, // answer
  3, // trickle
  4, // add_track
  5, // mute
  6, // subscription
  7, // track_setting
  8, // leave
  10, // update_layers
  11, // subscription_permission
  12, // sync_state
  14, // ping
  16, // ping_req
  17, // update_audio_track
  18, // update_video_track
]);

/** What the media server says to nobody but us: tokens that it would take itself. */
const secrets: ReadonlySet<number> = new Set([
  16, // refresh_token
  24, // room_moved
]);

/** How the media server begins with whom it has taken in. */
const greetings: ReadonlySet<number> = new Set([
  1, // join
  19, // reconnect
]);

/** Whether a browser's frame goes on: it is a request that browsers make. */
export const isRequest = (frame: Buffer): boolean => {
  const fields = wireFields(frame);
  return fields !== undefined && fields.every(({ number }) => requests.has(number));
};

/** Whether a frame of the media server goes on: it holds no token. What cannot be read is not passed. */
export const isForBrowser = (frame: Buffer): boolean => {
  const fields = wireFields(frame);
  return fields !== undefined && !fields.some(({ number }) => secrets.has(number));
};

/** Whether the media server has taken somebody in, or knows them again. */
export const isGreeting = (frame: Buffer): boolean =>
  wireFields(frame)?.some(({ number }) => greetings.has(number)) ?? false;
