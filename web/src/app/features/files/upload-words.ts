import { asProblem } from '../../core/api/problem';
import { formatBytes } from '../../core/format';
import { lineFor } from '../../core/words';
import { timeLeft } from './time-left';
import type { UploadView } from './upload-view';

/** Where an upload stands, as its row says it. */
export function wordsOf({ state, hold, ask, sent, size, bytesPerSecond, error }: UploadView): string {
  const [done, all] = [formatBytes(sent), formatBytes(size)];
  switch (state) {
    case 'waiting':
      return sent > 0
        ? $localize`:@@files.waitingAt:Waiting, ${done}:SENT: of ${all}:SIZE: are there`
        : $localize`:@@files.waiting:Waiting, ${all}:SIZE:`;
    case 'sending':
      if (hold === 'offline')
        return $localize`:@@files.heldOffline:${done}:SENT: of ${all}:SIZE:. Goes on when you are back online.`;
      if (hold === 'busy')
        return $localize`:@@files.heldBusy:${done}:SENT: of ${all}:SIZE:. Goes on by itself in a moment.`;
      return sendingWords(sent, size, bytesPerSecond);
    case 'sealing':
      return hold === null
        ? $localize`:@@files.sealingLast:Sealing the last of ${all}:SIZE:`
        : $localize`:@@files.heldOffline:${done}:SENT: of ${all}:SIZE:. Goes on when you are back online.`;
    case 'paused':
      return $localize`:@@files.paused:Paused, ${done}:SENT: of ${all}:SIZE:`;
    case 'asks':
      return askWords(ask, done, all);
    case 'elsewhere':
      return $localize`:@@files.elsewhere:${done}:SENT: of ${all}:SIZE:. Goes up in another tab or on another device.`;
    case 'leaving':
      return $localize`:@@files.cancelled:Cancelled. What was sent of it goes in a few seconds.`;
    case 'failed':
      return failedWords(error);
    case 'done':
      return $localize`:@@files.done:Shared`;
  }
}

/** What was refused, in the words that fit a file. */
function failedWords(error: unknown): string {
  const { reason, details } = asProblem(error);
  if (reason === 'INVALID_ARGUMENT' && NAME_FIELDS.has(details['field'] ?? ''))
    return $localize`:@@files.nameRefused:This file has a name that cannot be shared. Give it 1 to 255 characters that can be seen, then share it again.`;
  return lineFor(error);
}

/** Where the server looks for a file's name. */
const NAME_FIELDS: ReadonlySet<string> = new Set(['name', 'Upload-Metadata']);

function askWords(ask: UploadView['ask'], done: string, all: string): string {
  if (ask === 'permission')
    return $localize`:@@files.asksPermission:${done}:SENT: of ${all}:SIZE: are there. Your browser asks you before it reads the rest.`;
  if (ask === 'other-file')
    return $localize`:@@files.asksOther:That is another file, or it has changed. Choose the one that you began with, or cancel this and share it as it is now.`;
  return $localize`:@@files.asksFile:${done}:SENT: of ${all}:SIZE: are there. Choose the file again to go on.`;
}

/** How far it is, and once there is a rate, how fast and how long still. */
function sendingWords(sent: number, size: number, bytesPerSecond: number): string {
  const [done, all] = [formatBytes(sent), formatBytes(size)];
  if (bytesPerSecond < 1) return $localize`:@@files.sending:Sealing, ${done}:SENT: of ${all}:SIZE:`;
  const left = timeLeft(size - sent, bytesPerSecond);
  const rate = formatBytes(bytesPerSecond);
  return $localize`:@@files.sendingRate:Sealing, ${done}:SENT: of ${all}:SIZE:, ${rate}:RATE: a second, ${left}:LEFT: left`;
}
