import { formatLength } from '../../core/format';

/** How long so many bytes take at this rate, as somebody says it who does not promise the second. */
export function timeLeft(bytes: number, bytesPerSecond: number): string {
  const seconds = Math.ceil(bytes / bytesPerSecond);
  if (seconds < 90) return formatLength(seconds, 'second');
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? formatLength(minutes, 'minute') : formatLength(Math.ceil(minutes / 60), 'hour');
}
