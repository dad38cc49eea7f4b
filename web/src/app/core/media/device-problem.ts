export type DeviceKind = 'microphone' | 'camera';
export type DeviceCause = 'denied' | 'missing' | 'in-use' | 'insecure' | 'failed';

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
  return { kind, cause, ...WORDS[cause](kind) };
}

/** The page has no access to devices at all: not a secure address. */
export const insecurePage = (kind: DeviceKind): DeviceProblem => ({ kind, cause: 'insecure', ...WORDS.insecure(kind) });

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

const WORDS: Record<DeviceCause, (kind: DeviceKind) => { title: string; text: string }> = {
  denied: (kind) => ({
    title: `The ${kind} is blocked`,
    text: `Allow it with the ${kind} or lock icon beside the address. If that is on already, allow this browser in the system’s privacy settings.`,
  }),
  missing: (kind) => ({ title: `No ${kind} was found`, text: 'Plug one in, or join without it.' }),
  'in-use': (kind) => ({
    title: `The ${kind} is in use`,
    text: 'Another program holds it. Close that program and try again, or join without it.',
  }),
  insecure: (kind) => ({
    title: `The ${kind} needs a secure address`,
    text: 'Browsers open devices only for https addresses and localhost. Ask your operator for the secure address.',
  }),
  failed: (kind) => ({ title: `The ${kind} did not start`, text: 'Try again, or join without it.' }),
};
