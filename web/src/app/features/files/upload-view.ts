import { asProblem } from '../../core/api/problem';
import type { Hold } from './upload-course';

/**
 * Where an upload stands. `sealing`: all bytes are sent, the server seals and stores the last of them. `asks`: the person has to say
 * something first. `elsewhere`: another tab or device sends it. `leaving`: cancelled a moment ago. `done`: it arrived, the list is read.
 */
export type UploadState =
  'waiting' | 'sending' | 'sealing' | 'paused' | 'asks' | 'elsewhere' | 'leaving' | 'failed' | 'done';

/** An upload as the list shows it. */
export interface UploadView {
  readonly id: number;
  readonly name: string;
  readonly size: number;
  readonly sent: number;
  readonly bytesPerSecond: number;
  readonly state: UploadState;
  /** It stands still and goes on by itself. */
  readonly hold: Hold | null;
  /** What is asked: the file again, to read it, or the right one this time. */
  readonly ask: 'file' | 'permission' | 'other-file' | null;
  readonly error: unknown;
  /** Of one that is leaving: what it was. */
  readonly before?: UploadState | undefined;
}

/** One of which nothing is known yet but its name and size. */
export const blankView = (name: string, size: number): Omit<UploadView, 'id'> => ({
  name,
  size,
  sent: 0,
  bytesPerSecond: 0,
  state: 'waiting',
  hold: null,
  ask: null,
  error: null,
});

/** Of one that does not move. */
export const still = { bytesPerSecond: 0, hold: null } as const;

/** Everything that is on its way, together. */
export interface UploadTotals {
  /** How many are not there yet, and how many are since the queue was last empty. */
  readonly count: number;
  readonly arrived: number;
  readonly sent: number;
  readonly size: number;
  readonly bytesPerSecond: number;
  readonly paused: number;
  readonly running: number;
  readonly hold: Hold | null;
}

/** Whether it goes up by itself, now or when its turn comes. */
export const mayRun = ({ state }: UploadView): boolean =>
  state === 'waiting' || state === 'sending' || state === 'sealing';

export function totalsOf(
  views: readonly UploadView[],
  arrived: { readonly count: number; readonly bytes: number },
): UploadTotals {
  const on = views.filter((view) => mayRun(view) || view.state === 'paused');
  const going = on.filter(({ state }) => state === 'sending' || state === 'sealing');
  const held = going.find(({ hold }) => hold !== null);
  return {
    count: on.length,
    arrived: arrived.count,
    sent: on.reduce((sum, { sent }) => sum + sent, arrived.bytes),
    size: on.reduce((sum, { size }) => sum + size, arrived.bytes),
    bytesPerSecond: on.reduce((sum, { bytesPerSecond }) => sum + bytesPerSecond, 0),
    paused: on.filter(({ state }) => state === 'paused').length,
    running: on.filter(mayRun).length,
    hold: going.every(({ hold }) => hold !== null) ? (held?.hold ?? null) : null,
  };
}

/** The key of an upload that came to nothing: the server says that it makes no file of it any more. */
export function isSpent(error: unknown): boolean {
  const { reason, details } = asProblem(error);
  return reason === 'CONFLICT' && details['field'] === 'Idempotency-Key';
}
