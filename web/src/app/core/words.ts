import type { ErrorReason } from '@conclave/errors';
import { asProblem, type ApiProblem } from './api/problem';

/** What a person reads when something is refused: what happened, and what to do. */
export interface Words {
  readonly title: string;
  readonly text: string;
}

type Speak = (problem: ApiProblem) => Words;

const say =
  (title: string, text: string): Speak =>
  () => ({ title, text });

/** The words of every reason. A reason without words does not compile. */
const WORDS: Record<ErrorReason, Speak> = {
  INTERNAL: say('Something of ours broke', 'Nothing of yours is lost. Try again, and if it stays, tell your operator.'),
  INVALID_ARGUMENT: (problem) => ({ title: 'That does not fit', text: fieldWords(problem.details['field']) }),
  UNAUTHENTICATED: say('You are signed out', 'Sign in again. You will come back to this place.'),
  PERMISSION_DENIED: say('You may not do this', 'Only the host can. Ask the person who owns the room.'),
  NOT_FOUND: say('This does not exist', 'Or it is not for you to see. Check the link with the person who sent it.'),
  CONFLICT: say('It has changed meanwhile', 'Reload to see how it is now, then try again.'),
  RATE_LIMITED: (problem) => ({ title: 'Too many tries', text: `Wait ${waitWords(problem)}, then try again.` }),
  DEADLINE_EXCEEDED: say('The answer took too long', 'Nothing is lost. Try again.'),
  UNAVAILABLE: (problem) =>
    problem.offline
      ? { title: 'No connection', text: 'The server did not answer. Check your network, then try again.' }
      : { title: 'A part of Conclave does not answer', text: 'Nothing is lost. Try again in a moment.' },
  BUSY: (problem) => ({
    title: 'Busy right now',
    text: `Many people are signing in. Try again in ${waitWords(problem)}.`,
  }),
  PAYLOAD_TOO_LARGE: say('That is too large', 'Send something smaller.'),
  FOREIGN_ORIGIN: say('This page is not ours', 'Open Conclave at its own address and try again.'),
  EMAIL_TAKEN: say('This address has an account', 'Sign in instead.'),
  CREDENTIALS_WRONG: say('E-mail and password do not match', 'Check both and try again.'),
  PASSWORD_TOO_SHORT: say('The password is too short', 'Use at least 8 characters. Longer is better.'),
  PASSWORD_TOO_COMMON: say(
    'Too many people use this password',
    'Choose one that is harder to guess, such as a few words in a row.',
  ),
  PERSONAL_TOKEN_WRONG: say(
    'That is not your personal token',
    'Paste the newest one. You can make a new one in your settings.',
  ),
  PERSONAL_TOKEN_REQUIRED: say('This room asks for your personal token', 'Paste it below. It begins with cnv_.'),
  NOT_INVITED: say(
    'You are not invited to this room',
    'Ask the host for an invitation, and check that you are signed in with the address they invited.',
  ),
  ACCESS_CODE_REQUIRED: say('This room asks for its access code', 'Type the code you were given.'),
  ACCESS_CODE_WRONG: (problem) => ({
    title: 'That is not the access code',
    text: attemptWords(problem.details['attemptsLeft']),
  }),
  REMOVED_FROM_ROOM: say('A host removed you from this room', 'You can enter again once a host invites you again.'),
  ROOM_FULL: say('The room is full', 'As many people are inside as it holds. Try again when somebody has left.'),
  INVITATION_EXPIRED: say('This invitation has expired', 'Ask the host for a new one.'),
  INVITATION_USED: say(
    'This invitation has been used',
    'Each works once. If it was not you, ask the host for a new one.',
  ),
  INVITATION_REVOKED: say('The host took this invitation back', 'Ask them if you still should come.'),
  ADMISSION_ENDED: say('Your time in this meeting has ended', 'Enter again at the door.'),
  NOT_PRESENT: say('Closed while you are outside', 'Files and messages open only while you are in the meeting.'),
  FILE_INTEGRITY: say(
    'This file does not verify',
    'It was changed or damaged where it lies, so it stays closed. Ask its owner to share it again.',
  ),
  FILE_TOO_LARGE: say('This file is too large', 'Share something smaller.'),
  QUOTA_EXCEEDED: say('The room has no space left', 'Delete files you no longer need, then try again.'),
  LENGTH_MISMATCH: say('The file did not arrive whole', 'Nothing of it was kept. Share it again.'),
  RANGE_NOT_SATISFIABLE: say('That part of the file does not exist', 'Download the whole file.'),
  FILE_NOT_AVAILABLE: say('This file cannot be opened now', 'It was deleted, or is not ready yet.'),
  UPLOAD_ABORTED: say('The upload was stopped', 'Nothing of it was kept.'),
};

/** Words for whatever was thrown. */
export function wordsFor(error: unknown): Words {
  const problem = asProblem(error);
  return WORDS[problem.reason](problem);
}

/** The same, as one line for a toast or a field. */
export function lineFor(error: unknown): string {
  const words = wordsFor(error);
  return `${words.title}. ${words.text}`;
}

const FIELDS: Readonly<Record<string, string>> = {
  email: 'Check the e-mail address.',
  displayName: 'Check the name: 1 to 80 characters.',
  password: 'Check the password.',
  name: 'Check the name: 1 to 120 characters.',
  text: 'A message holds up to 4,000 characters.',
  accessCode: 'Check the access code.',
  token: 'The link is not whole. Copy all of it.',
};

const fieldWords = (field: string | undefined): string =>
  (field && FIELDS[field.split('.').at(-1) ?? '']) || 'Check what you typed and try again.';

function attemptWords(left: string | undefined): string {
  const count = Number(left ?? Number.NaN);
  if (!Number.isFinite(count)) return 'Check it and try again.';
  if (count <= 0) return 'No attempts are left for now. Wait a while, or ask the host.';
  return count === 1 ? 'One attempt is left.' : `${count} attempts are left.`;
}

function waitWords(problem: ApiProblem): string {
  const seconds = problem.retryAfterSeconds;
  if (!seconds) return 'a moment';
  if (seconds < 90) return seconds === 1 ? '1 second' : `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}
