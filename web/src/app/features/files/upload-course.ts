import type { Uploads } from '../../core/api/upload';
import { ApiProblem, asProblem } from '../../core/api/problem';
import { backoffMs } from '../../core/events/backoff';

/** Why an upload stands still and goes on by itself: no network, or a server that does not answer or asks to wait. */
export type Hold = 'offline' | 'busy';

/** What one upload needs, and what it tells on its way. */
export interface Course {
  readonly slug: string;
  readonly name: string;
  readonly file: File;
  readonly key: string;
  /** At the server, once it has begun. */
  readonly id: string | null;
  readonly signal: AbortSignal;
  /** The network is gone: what is asked just now will not be answered. A new one each time. */
  cut(): AbortSignal;
  /** Resolves when it is worth trying again before the pause is over; at the latest with the signal. */
  woken(): Promise<unknown>;
  online(): boolean;
  /** It has a place; `whole` where everything is there already. */
  began(id: string, whole: boolean): Promise<void>;
  sent(bytes: number): void;
  held(why: Hold | null): void;
}

/** What is sent with the question for a place: a small file needs one request. */
export const WITH_BEGIN_BYTES = 4 * 1024 * 1024;
/** Where the server answers and yet nothing moves, it is not tried for ever. */
const FRUITLESS = 8;

/**
 * Sends one file until the server has all of it. It always asks first how far the server is, so it goes on after everything that
 * passes by itself: a broken line, a server that restarts, a limit.
 * @throws ApiProblem what does not pass by itself, UPLOAD_ABORTED where it was stopped here
 */
export async function sendWhole(uploads: Uploads, course: Course): Promise<string> {
  let { id } = course;
  let best = -1;
  let tries = 0;
  let fruitless = 0;
  for (;;) {
    try {
      let offset: number;
      if (id === null) {
        const { file } = course;
        const small = file.size > 0 && file.size <= WITH_BEGIN_BYTES;
        const facts = { name: course.name, type: file.type, size: file.size };
        const sending = { signal: stopped(), progress: tell };
        const place = await uploads.begin(course.slug, facts, course.key, small ? file : null, sending);
        ({ id, offset } = place);
        await course.began(id, offset === course.file.size);
      } else offset = await uploads.stand(course.slug, id, { signal: stopped() });
      while (offset < course.file.size) {
        noteProgress(offset);
        offset = await sendRest(id, offset);
      }
      tell(offset);
      return id;
    } catch (error) {
      if (course.signal.aborted) throw new ApiProblem('UPLOAD_ABORTED');
      const problem = asProblem(error);
      if (!passes(problem) || (!problem.offline && ++fruitless > FRUITLESS)) throw problem;
      course.held(course.online() && !problem.offline ? 'busy' : 'offline');
      await pauseFor(tries++, problem.retryAfterSeconds ?? 0);
      if (course.signal.aborted) throw new ApiProblem('UPLOAD_ABORTED');
    }
  }

  function stopped(): AbortSignal {
    return AbortSignal.any([course.signal, course.cut()]);
  }

  function tell(bytes: number): void {
    course.held(null);
    course.sent(Math.min(bytes, course.file.size));
  }

  /** Whatever has been kept since makes it worth going on. */
  function noteProgress(offset: number): void {
    tell(offset);
    if (offset <= best) return;
    best = offset;
    tries = 0;
    fruitless = 0;
  }

  function sendRest(place: string, offset: number): Promise<number> {
    return uploads.send(course.slug, place, offset, course.file.slice(offset), {
      signal: stopped(),
      progress: (bytes) => tell(offset + bytes),
    });
  }

  /** Where the server asks for a pause, it gets it; otherwise a network that is back ends it. */
  function pauseFor(tried: number, asked: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(backoffMs(tried), asked * 1_000));
      const end = () => {
        clearTimeout(timer);
        resolve();
      };
      course.signal.addEventListener('abort', end, { once: true });
      if (asked === 0) void course.woken().then(end);
    });
  }
}

const PASSING: ReadonlySet<string> = new Set([
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'RATE_LIMITED',
  'BUSY',
  'INTERNAL',
  // What had arrived is kept; the next question says how much.
  'LENGTH_MISMATCH',
  'UPLOAD_ABORTED',
]);

/** Whether it may go on by itself. Where another request has taken the upload over it may not: they would take it from each other. */
const passes = (problem: ApiProblem): boolean =>
  !problem.unreadable && (PASSING.has(problem.reason) || isOtherOffset(problem));

/** The server stands elsewhere than we thought. */
const isOtherOffset = ({ reason, details }: ApiProblem): boolean =>
  reason === 'CONFLICT' && details['why'] === 'offset';
