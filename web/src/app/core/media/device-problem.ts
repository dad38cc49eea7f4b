export type DeviceKind = 'microphone' | 'camera';
export type DeviceCause = 'denied' | 'missing' | 'in-use' | 'insecure' | 'stopped' | 'failed';

/** Why a device did not open, and what to do about it. */
export interface DeviceProblem {
  readonly kind: DeviceKind;
  readonly cause: DeviceCause;
  readonly title: string;
  readonly text: string;
}

/** Reads what getUserMedia threw. */
export function deviceProblem(kind: DeviceKind, error: unknown): DeviceProblem {
  const cause = causeOf(error);
  return { kind, cause, ...WORDS[cause][kind] };
}

/** The page has no access to devices at all: not a secure address. */
export const insecurePage = (kind: DeviceKind): DeviceProblem => ({ kind, cause: 'insecure', ...WORDS.insecure[kind] });

/** The person, or whoever rules the browser, has forbidden it. */
export const blockedDevice = (kind: DeviceKind): DeviceProblem => ({ kind, cause: 'denied', ...WORDS.denied[kind] });

/** It was open, and went away by itself: unplugged, or taken by the browser or the system. */
export const stoppedDevice = (kind: DeviceKind): DeviceProblem => ({ kind, cause: 'stopped', ...WORDS.stopped[kind] });

function causeOf(error: unknown): DeviceCause {
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  switch (name) {
    case 'NotAllowedError':
    case 'PermissionDeniedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'DevicesNotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    case 'NotReadableError':
    case 'TrackStartError':
    case 'AbortError':
      return 'in-use';
    default:
      return 'failed';
  }
}

type Said = Record<DeviceKind, { readonly title: string; readonly text: string }>;

/** A sentence for each device: in many languages the word for it changes the words around it. */
const WORDS: Record<DeviceCause, Said> = {
  denied: {
    microphone: {
      title: $localize`:@@device.microphone.denied.title:The microphone is blocked`,
      text: $localize`:@@device.microphone.denied.text:Allow it with the microphone or lock icon beside the address. If that is on already, allow this browser in the system’s privacy settings.`,
    },
    camera: {
      title: $localize`:@@device.camera.denied.title:The camera is blocked`,
      text: $localize`:@@device.camera.denied.text:Allow it with the camera or lock icon beside the address. If that is on already, allow this browser in the system’s privacy settings.`,
    },
  },
  missing: both({
    microphone: $localize`:@@device.microphone.missing.title:No microphone was found`,
    camera: $localize`:@@device.camera.missing.title:No camera was found`,
    text: $localize`:@@device.missing.text:Plug one in, or join without it.`,
  }),
  'in-use': both({
    microphone: $localize`:@@device.microphone.inUse.title:The microphone is in use`,
    camera: $localize`:@@device.camera.inUse.title:The camera is in use`,
    text: $localize`:@@device.inUse.text:Another program holds it. Close that program and try again, or join without it.`,
  }),
  insecure: both({
    microphone: $localize`:@@device.microphone.insecure.title:The microphone needs a secure address`,
    camera: $localize`:@@device.camera.insecure.title:The camera needs a secure address`,
    text: $localize`:@@device.insecure.text:Browsers open devices only for https addresses and localhost. Ask your operator for the secure address.`,
  }),
  stopped: both({
    microphone: $localize`:@@device.microphone.stopped.title:The microphone has gone away`,
    camera: $localize`:@@device.camera.stopped.title:The camera has gone away`,
    text: $localize`:@@device.stopped.text:It was unplugged, or the browser or the system took it back. Turn it on again, or go on without it.`,
  }),
  failed: both({
    microphone: $localize`:@@device.microphone.failed.title:The microphone did not start`,
    camera: $localize`:@@device.camera.failed.title:The camera did not start`,
    text: $localize`:@@device.failed.text:Try again, or join without it.`,
  }),
};

/** What to do is the same for both. */
function both({ microphone, camera, text }: Record<DeviceKind | 'text', string>): Said {
  return { microphone: { title: microphone, text }, camera: { title: camera, text } };
}
