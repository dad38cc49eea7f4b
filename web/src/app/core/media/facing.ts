/** Which way a camera looks: at whoever holds the device, or at what they see. */
type Facing = 'user' | 'environment';

/** A hand-held device has a camera on either side. */
export const heldInHand = (): boolean => matchMedia('(pointer:coarse)').matches;

/** Whether a camera's picture is what its person sees, not they themselves: then it is no mirror, and text in it must be readable. */
export const looksAway = (track: MediaStreamTrack | undefined): boolean =>
  track?.getSettings().facingMode === 'environment';

/** The way that a camera does not look now. */
export const otherWay = (track: MediaStreamTrack): Facing => (looksAway(track) ? 'user' : 'environment');
