import type { ErrorReason } from '@conclave/errors';
import { asProblem, type ApiProblem } from './api/problem';
import { formatBytes, formatLength } from './format';
import { plural } from './plural';

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
  INTERNAL: say(
    $localize`:@@reason.internal.title:Something of ours broke`,
    $localize`:@@reason.internal.text:Nothing of yours is lost. Try again, and if it stays, tell your operator.`,
  ),
  INVALID_ARGUMENT: (problem) => ({
    title: $localize`:@@reason.invalidArgument.title:That does not fit`,
    text: fieldWords(problem.details['field']),
  }),
  UNAUTHENTICATED: say(
    $localize`:@@reason.unauthenticated.title:You are signed out`,
    $localize`:@@reason.unauthenticated.text:Sign in again. You will come back to this place.`,
  ),
  PERMISSION_DENIED: say(
    $localize`:@@reason.permissionDenied.title:You may not do this`,
    $localize`:@@reason.permissionDenied.text:Only the host can. Ask the person who owns the room.`,
  ),
  NOT_FOUND: say(
    $localize`:@@reason.notFound.title:This does not exist`,
    $localize`:@@reason.notFound.text:Or it is not for you to see. Check the link with the person who sent it.`,
  ),
  CONFLICT: say(
    $localize`:@@reason.conflict.title:It has changed meanwhile`,
    $localize`:@@reason.conflict.text:Reload to see how it is now, then try again.`,
  ),
  RATE_LIMITED: (problem) => ({
    title: $localize`:@@reason.rateLimited.title:Too many tries`,
    text: waitWords(problem, {
      moment: $localize`:@@reason.rateLimited.moment:Wait a moment, then try again.`,
      length: (wait) => $localize`:@@reason.rateLimited.text:Wait ${wait}:LENGTH:, then try again.`,
    }),
  }),
  DEADLINE_EXCEEDED: say(
    $localize`:@@reason.deadlineExceeded.title:The answer took too long`,
    $localize`:@@reason.deadlineExceeded.text:Nothing is lost. Try again.`,
  ),
  UNAVAILABLE: (problem) =>
    problem.offline
      ? {
          title: $localize`:@@reason.offline.title:No connection`,
          text: $localize`:@@reason.offline.text:The server did not answer. Check your network, then try again.`,
        }
      : {
          title: $localize`:@@reason.unavailable.title:A part of Conclave does not answer`,
          text: $localize`:@@reason.unavailable.text:Nothing is lost. Try again in a moment.`,
        },
  BUSY: (problem) => ({
    title: $localize`:@@reason.busy.title:Busy right now`,
    text: waitWords(problem, {
      moment: $localize`:@@reason.busy.moment:Many people want something at once. Try again in a moment.`,
      length: (wait) =>
        $localize`:@@reason.busy.text:Many people want something at once. Try again in ${wait}:LENGTH:.`,
    }),
  }),
  PAYLOAD_TOO_LARGE: say(
    $localize`:@@reason.payloadTooLarge.title:That is too large`,
    $localize`:@@reason.payloadTooLarge.text:Send something smaller.`,
  ),
  FOREIGN_ORIGIN: say(
    $localize`:@@reason.foreignOrigin.title:This page is not ours`,
    $localize`:@@reason.foreignOrigin.text:Open Conclave at its own address and try again.`,
  ),
  EMAIL_TAKEN: say(
    $localize`:@@reason.emailTaken.title:This address has an account`,
    $localize`:@@reason.emailTaken.text:Sign in instead.`,
  ),
  CREDENTIALS_WRONG: say(
    $localize`:@@reason.credentialsWrong.title:E-mail and password do not match`,
    $localize`:@@reason.credentialsWrong.text:Check both and try again.`,
  ),
  PASSWORD_TOO_SHORT: say(
    $localize`:@@reason.passwordTooShort.title:The password is too short`,
    $localize`:@@reason.passwordTooShort.text:Use at least 8 characters. Longer is better.`,
  ),
  PASSWORD_TOO_COMMON: say(
    $localize`:@@reason.passwordTooCommon.title:Too many people use this password`,
    $localize`:@@reason.passwordTooCommon.text:Choose one that is harder to guess, such as a few words in a row.`,
  ),
  PERSONAL_TOKEN_WRONG: say(
    $localize`:@@reason.personalTokenWrong.title:That is not your personal token`,
    $localize`:@@reason.personalTokenWrong.text:Paste the newest one. You can make a new one in your settings.`,
  ),
  PERSONAL_TOKEN_REQUIRED: say(
    $localize`:@@reason.personalTokenRequired.title:This room asks for your personal token`,
    $localize`:@@reason.personalTokenRequired.text:Paste it below. It begins with cnv_.`,
  ),
  MAIL_CODE_WRONG: (problem) => ({
    title: $localize`:@@reason.mailCodeWrong.title:That is not the code`,
    text: triesWords(problem.details['attemptsLeft']),
  }),
  MAIL_PROOF_OVER: say(
    $localize`:@@reason.mailProofOver.title:This does not count any more`,
    $localize`:@@reason.mailProofOver.text:It was used already, is older than an hour, or was tried too often. Begin again, and you get a new message.`,
  ),
  MAIL_OFF: say(
    $localize`:@@reason.mailOff.title:This installation sends no mail`,
    $localize`:@@reason.mailOff.text:Ask the person who runs it for help.`,
  ),
  FACTOR_WRONG: say(
    $localize`:@@reason.factorWrong.title:That code is not right`,
    $localize`:@@reason.factorWrong.text:Each code works once. Wait for the next one, then try again.`,
  ),
  SIGN_IN_EXPIRED: say(
    $localize`:@@reason.signInExpired.title:That took too long`,
    $localize`:@@reason.signInExpired.text:Sign in again from the start.`,
  ),
  PROOF_REQUIRED: say(
    $localize`:@@reason.proofRequired.title:Prove again that it is you`,
    $localize`:@@reason.proofRequired.text:Your last proof was more than ten minutes ago.`,
  ),
  NOT_INVITED: say(
    $localize`:@@reason.notInvited.title:You are not invited to this room`,
    $localize`:@@reason.notInvited.text:If you have an invitation, open its link: it proves that the address is yours. Otherwise ask the host for one.`,
  ),
  ACCESS_CODE_REQUIRED: say(
    $localize`:@@reason.accessCodeRequired.title:This room asks for its access code`,
    $localize`:@@reason.accessCodeRequired.text:Type the code you were given.`,
  ),
  ACCESS_CODE_WRONG: (problem) => ({
    title: $localize`:@@reason.accessCodeWrong.title:That is not the access code`,
    text: attemptWords(problem.details['attemptsLeft']),
  }),
  REMOVED_FROM_ROOM: say(
    $localize`:@@reason.removedFromRoom.title:A host removed you from this room`,
    $localize`:@@reason.removedFromRoom.text:You can enter again once a host invites you again.`,
  ),
  ROOM_FULL: say(
    $localize`:@@reason.roomFull.title:The room is full`,
    $localize`:@@reason.roomFull.text:As many people are inside as it holds. Try again when somebody has left.`,
  ),
  INVITATION_EXPIRED: say(
    $localize`:@@reason.invitationExpired.title:This invitation has expired`,
    $localize`:@@reason.invitationExpired.text:Ask the host for a new one.`,
  ),
  INVITATION_USED: say(
    $localize`:@@reason.invitationUsed.title:This invitation has been used`,
    $localize`:@@reason.invitationUsed.text:Each works once. If it was not you, ask the host for a new one.`,
  ),
  INVITATION_REVOKED: say(
    $localize`:@@reason.invitationRevoked.title:The host took this invitation back`,
    $localize`:@@reason.invitationRevoked.text:Ask them if you still should come.`,
  ),
  ADMISSION_ENDED: say(
    $localize`:@@reason.admissionEnded.title:Your time in this meeting has ended`,
    $localize`:@@reason.admissionEnded.text:Enter again at the door.`,
  ),
  NOT_PRESENT: say(
    $localize`:@@reason.notPresent.title:Closed while you are outside`,
    $localize`:@@reason.notPresent.text:Files and messages open only while you are in the meeting.`,
  ),
  FILE_INTEGRITY: say(
    $localize`:@@reason.fileIntegrity.title:This file does not verify`,
    $localize`:@@reason.fileIntegrity.text:It was changed or damaged where it lies, so it stays closed. Ask its owner to share it again.`,
  ),
  FILE_TOO_LARGE: ({ details }) => ({
    title: $localize`:@@reason.fileTooLarge.title:This file is too large`,
    text: largestWords(Number(details['maxFileBytes'] ?? Number.NaN)),
  }),
  QUOTA_EXCEEDED: ({ details }) => quotaWords(details['quota']),
  LENGTH_MISMATCH: say(
    $localize`:@@reason.lengthMismatch.title:The file did not arrive whole`,
    $localize`:@@reason.lengthMismatch.text:Nothing of it was kept. Share it again.`,
  ),
  RANGE_NOT_SATISFIABLE: say(
    $localize`:@@reason.rangeNotSatisfiable.title:That part of the file does not exist`,
    $localize`:@@reason.rangeNotSatisfiable.text:Download the whole file.`,
  ),
  FILE_NOT_AVAILABLE: say(
    $localize`:@@reason.fileNotAvailable.title:This file cannot be opened now`,
    $localize`:@@reason.fileNotAvailable.text:It was deleted, or is not ready yet.`,
  ),
  UPLOAD_ABORTED: (problem) =>
    problem.unreadable
      ? {
          title: $localize`:@@reason.unreadable.title:This file could not be read`,
          text: $localize`:@@reason.unreadable.text:It is a folder, or it was changed, moved or deleted since you chose it. Choose it again.`,
        }
      : {
          title: $localize`:@@reason.uploadAborted.title:The upload was stopped`,
          text: $localize`:@@reason.uploadAborted.text:Nothing of it was kept.`,
        },
  WAITING_FOR_HOST: say(
    $localize`:@@reason.waitingForHost.title:Waiting for the host`,
    $localize`:@@reason.waitingForHost.text:The host sees that you are here and can let you in.`,
  ),
  ENTRY_DENIED: say(
    $localize`:@@reason.entryDenied.title:The host did not let you in`,
    $localize`:@@reason.entryDenied.text:You can ask again in a few minutes. If you think it is a mistake, write to the host.`,
  ),
  STORE_FULL: say(
    $localize`:@@reason.storeFull.title:There is no room left for files`,
    $localize`:@@reason.storeFull.text:Whoever runs this service has to make room first. Your file is not shared.`,
  ),
  LOBBY_FULL: say(
    $localize`:@@reason.lobbyFull.title:Too many people wait here`,
    $localize`:@@reason.lobbyFull.text:The host has to look at them first. Try again in a few minutes.`,
  ),
  ACCESS_CODE_WEAK: say(
    $localize`:@@reason.accessCodeWeak.title:This code would be guessed`,
    $localize`:@@reason.accessCodeWeak.text:Choose one that is no common word, row of keys, date or repetition, or leave it to us.`,
  ),
};

/** Words for whatever was thrown. */
export function wordsFor(error: unknown): Words {
  const problem = asProblem(error);
  return WORDS[problem.reason](problem);
}

/** The same, as one line for a toast or a field. */
export function lineFor(error: unknown): string {
  const { title, text } = wordsFor(error);
  return $localize`:@@reason.line:${title}:TITLE:. ${text}:TEXT:`;
}

const FIELDS: Readonly<Record<string, string>> = {
  email: $localize`:@@reason.field.email:Check the e-mail address.`,
  displayName: $localize`:@@reason.field.displayName:Check the name: 1 to 80 characters.`,
  password: $localize`:@@reason.field.password:Check the password.`,
  name: $localize`:@@reason.field.name:Check the name: 1 to 120 characters.`,
  text: $localize`:@@reason.field.text:A message holds up to 4,000 characters.`,
  accessCode: $localize`:@@reason.field.accessCode:Check the access code.`,
  token: $localize`:@@reason.field.token:The link is not whole. Copy all of it.`,
};

const fieldWords = (field: string | undefined): string =>
  (field && FIELDS[field.split('.').at(-1) ?? '']) ||
  $localize`:@@reason.field.other:Check what you typed and try again.`;

/** Whose space is full. */
function quotaWords(quota: string | undefined): Words {
  switch (quota) {
    case 'person':
      return {
        title: $localize`:@@reason.personQuotaExceeded.title:Your files have no space left`,
        text: $localize`:@@reason.personQuotaExceeded.text:Delete files of yours that you no longer need, in any room, then try again.`,
      };
    case 'uploads':
      return {
        title: $localize`:@@reason.uploadsQuotaExceeded.title:Too many of your uploads are not whole`,
        text: $localize`:@@reason.uploadsQuotaExceeded.text:Go on with some, or cancel them, in this room or another, then try again.`,
      };
    default:
      return {
        title: $localize`:@@reason.quotaExceeded.title:The room has no space left`,
        text: $localize`:@@reason.quotaExceeded.text:Delete files you no longer need, then try again.`,
      };
  }
}

const largestWords = (bytes: number): string =>
  Number.isFinite(bytes)
    ? $localize`:@@reason.fileTooLarge.upTo:Files may have up to ${formatBytes(bytes)}:SIZE:. Share something smaller.`
    : $localize`:@@reason.fileTooLarge.text:Share something smaller.`;

function attemptWords(left: string | undefined): string {
  const count = Number(left ?? Number.NaN);
  if (!Number.isFinite(count)) return $localize`:@@reason.accessCodeWrong.text:Check it and try again.`;
  return plural(
    $localize`:@@reason.accessCodeWrong.left:{COUNT, plural, =0 {No attempts are left for now. Wait a while, or ask the host.} =1 {One attempt is left.} other {# attempts are left.}}`,
    Math.max(0, count),
  );
}

function triesWords(left: string | undefined): string {
  return plural(
    $localize`:@@reason.mailCodeWrong.left:{COUNT, plural, =0 {No attempts are left. Begin again, and you get a new message.} =1 {Look into the newest message. One attempt is left.} other {Look into the newest message. # attempts are left.}}`,
    Math.max(0, Number(left ?? 0)),
  );
}

function waitWords(problem: ApiProblem, words: { moment: string; length: (wait: string) => string }): string {
  const seconds = problem.retryAfterSeconds;
  if (!seconds) return words.moment;
  return words.length(seconds < 90 ? formatLength(seconds, 'second') : formatLength(Math.ceil(seconds / 60), 'minute'));
}
