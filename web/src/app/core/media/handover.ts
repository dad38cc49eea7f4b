import type { JoinTrace } from '../api/join-trace';
import type { Door, EnterAnswer as Entry } from '../api/api';
import type { DeviceProblem } from './device-problem';

/** What the pre-join page gives the meeting: the admission, and the devices that are already open. */
export interface Handover {
  readonly door: Door;
  readonly entry: Entry;
  readonly devices: OpenDevices;
  /** What the browser was still opening, or asking for, at the click on Join; null if that was over. */
  readonly late: Promise<LateDevices> | null;
  /** Devices that were asked for before the click on Join and did not open. */
  readonly blocked?: readonly DeviceProblem[];
  /** Another device of this person plays the meeting: here nothing is heard until they say so. */
  readonly silent?: boolean;
  /** Began with the click on Join. */
  readonly trace?: JoinTrace;
}

/** Live tracks move over, so that the camera does not blink and nobody is asked twice. */
export interface OpenDevices {
  readonly microphone: MediaStreamTrack | null;
  readonly camera: MediaStreamTrack | null;
  readonly microphoneId: string;
  readonly cameraId: string;
  readonly speakerId: string;
}

/** Devices that opened after the click on Join, and those that did not. */
export interface LateDevices extends OpenDevices {
  readonly problems: readonly DeviceProblem[];
}
